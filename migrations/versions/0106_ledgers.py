"""Each organization's books of what its sellers earn and what the partnership costs: double entry, only ever added to."""

import walls
from alembic import op

revision = "0106"
down_revision = "0105"

KINDS = "'accrual', 'clawback', 'release', 'pay_out', 'correction', 'fee'"
ACCOUNTS = "'commission', 'held', 'due', 'paid', 'fees', 'partner'"
RULES = "'tier', 'accelerator', 'co_sell', 'floor', 'deal_cap', 'period_cap', 'lead_bonus', 'rounding'"
PORTIONS = "'revenue_split', 'overlay_split', 'referral_fee', 'revenue_share'"
USER = "REFERENCES users (organization_id, id)"
REVENUE = "REFERENCES deal_revenues (partnership_id, deal_id, id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _periods()
    _journals()
    _entries()
    _accruals()
    _pay_outs()
    for table in ("ledger_periods", "journals", "entries", "accruals", "accrual_states", "pay_outs", "pay_out_lines"):
        walls.owned(table)
    for table in ("journals", "entries", "accruals", "pay_out_lines"):
        walls.append_only(table)
        walls.grant(table, "SELECT, INSERT")
    walls.grant("ledger_periods", "SELECT, INSERT, UPDATE (closed_at, closed_by)")
    walls.grant("pay_outs", "SELECT, INSERT, UPDATE (status, decided_by, decided_at, journal_id)")
    walls.grant(
        "accrual_states",
        "SELECT, INSERT, UPDATE (agreement_version, division_version, refunded_minor, waits_for, settled_at)",
    )


def _periods() -> None:
    op.execute(
        f"""
        CREATE TABLE ledger_periods (
            organization_id uuid NOT NULL CONSTRAINT fk_ledger_periods_organization_id REFERENCES organizations,
            starts_on date NOT NULL
                CONSTRAINT ck_ledger_periods_starts_on CHECK (date_trunc('month', starts_on::timestamp) = starts_on),
            closed_at timestamptz,
            closed_by uuid,
            CONSTRAINT pk_ledger_periods PRIMARY KEY (organization_id, starts_on),
            CONSTRAINT fk_ledger_periods_closed_by FOREIGN KEY (organization_id, closed_by) {USER}
        )
        """
    )
    op.execute("CREATE INDEX ix_ledger_periods_closed_by ON ledger_periods (organization_id, closed_by)")
    op.execute(
        """
        CREATE FUNCTION period_is_closed_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND (OLD.closed_at IS NOT NULL OR EXISTS (
                SELECT FROM ledger_periods p
                WHERE p.organization_id = NEW.organization_id AND p.starts_on < NEW.starts_on AND p.closed_at IS NULL
            )) OR TG_OP = 'INSERT' AND (NEW.closed_at IS NOT NULL OR EXISTS (
                SELECT FROM ledger_periods p
                WHERE p.organization_id = NEW.organization_id AND p.starts_on > NEW.starts_on
                  AND p.closed_at IS NOT NULL
            )) THEN
                RAISE EXCEPTION 'periods are closed once and in their order' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER closed_once BEFORE INSERT OR UPDATE ON ledger_periods"
        " FOR EACH ROW EXECUTE FUNCTION period_is_closed_once()"
    )


def _journals() -> None:
    op.execute(
        f"""
        CREATE TABLE journals (
            organization_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_journals_kind CHECK (kind IN ({KINDS})),
            period_on date NOT NULL,
            happened_on date NOT NULL,
            late_for date CONSTRAINT ck_journals_late_for CHECK (late_for < period_on),
            lines bigint NOT NULL CONSTRAINT ck_journals_lines CHECK (lines BETWEEN 2 AND 100000),
            reason text CONSTRAINT ck_journals_reason CHECK (reason IN ('mistake', 'goodwill', 'agreed')),
            made_by uuid,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_journals PRIMARY KEY (organization_id, id),
            CONSTRAINT uq_journals_lines UNIQUE (organization_id, id, lines),
            CONSTRAINT ck_journals_corrected CHECK ((kind = 'correction') = (reason IS NOT NULL)),
            CONSTRAINT fk_journals_period FOREIGN KEY (organization_id, period_on)
                REFERENCES ledger_periods (organization_id, starts_on),
            CONSTRAINT fk_journals_made_by FOREIGN KEY (organization_id, made_by) {USER}
        )
        """
    )
    op.execute("CREATE INDEX ix_journals_period_on ON journals (organization_id, period_on, recorded_at)")
    op.execute("CREATE INDEX ix_journals_made_by ON journals (organization_id, made_by)")
    op.execute("CREATE TRIGGER recorded_now BEFORE INSERT ON journals FOR EACH ROW EXECUTE FUNCTION recorded_at_now()")
    op.execute(
        """
        CREATE FUNCTION journal_is_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            -- Who closes a period waits for what is being posted to it, and the other way round.
            PERFORM FROM ledger_periods p
            WHERE (p.organization_id, p.starts_on) IN (SELECT organization_id, period_on FROM added)
            ORDER BY p.organization_id, p.starts_on FOR SHARE;
            IF EXISTS (
                SELECT FROM ledger_periods p JOIN added a ON a.organization_id = p.organization_id
                WHERE p.starts_on = a.period_on AND p.closed_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'nothing is posted to a period that is closed' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER in_time AFTER INSERT ON journals REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT EXECUTE FUNCTION journal_is_in_time()"
    )


def _entries() -> None:
    """Keep that a journal has exactly its lines: none is beyond them, and at the end all are there and sum to zero."""
    op.execute(
        f"""
        CREATE TABLE entries (
            organization_id uuid NOT NULL,
            journal_id uuid NOT NULL,
            lines bigint NOT NULL,
            line bigint NOT NULL CONSTRAINT ck_entries_line CHECK (line BETWEEN 1 AND lines),
            account text NOT NULL CONSTRAINT ck_entries_account CHECK (account IN ({ACCOUNTS})),
            minor bigint NOT NULL CONSTRAINT ck_entries_minor CHECK (minor <> 0),
            currency text NOT NULL CONSTRAINT ck_entries_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            user_id uuid,
            partnership_id uuid,
            deal_id uuid,
            revenue_id uuid,
            rule text CONSTRAINT ck_entries_rule CHECK (rule IN ({RULES})),
            place bigint,
            portion text CONSTRAINT ck_entries_portion CHECK (portion IN ({PORTIONS})),
            CONSTRAINT pk_entries PRIMARY KEY (organization_id, journal_id, line),
            CONSTRAINT ck_entries_whose CHECK ((user_id IS NULL) = (account IN ('fees', 'partner'))),
            CONSTRAINT ck_entries_fee CHECK ((portion IS NULL) = (user_id IS NOT NULL)),
            CONSTRAINT ck_entries_of CHECK (
                num_nulls(partnership_id, deal_id, revenue_id) IN (0, 3) AND (rule IS NULL OR revenue_id IS NOT NULL)
                AND (portion IS NULL OR revenue_id IS NOT NULL)),
            CONSTRAINT fk_entries_journal FOREIGN KEY (organization_id, journal_id, lines)
                REFERENCES journals (organization_id, id, lines),
            CONSTRAINT fk_entries_user FOREIGN KEY (organization_id, user_id) {USER},
            CONSTRAINT fk_entries_revenue FOREIGN KEY (partnership_id, deal_id, revenue_id) {REVENUE}
        )
        """
    )
    op.execute("CREATE INDEX ix_entries_user_id ON entries (organization_id, user_id, account, currency)")
    op.execute("CREATE INDEX ix_entries_revenue_id ON entries (organization_id, revenue_id, account)")
    op.execute("CREATE INDEX ix_entries_of_deal ON entries (partnership_id, deal_id, revenue_id)")
    op.execute(
        """
        CREATE FUNCTION journal_is_balanced() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF (SELECT count(*) FROM entries e
                WHERE e.organization_id = NEW.organization_id AND e.journal_id = NEW.id) <> NEW.lines
               OR EXISTS (SELECT FROM entries e
                          WHERE e.organization_id = NEW.organization_id AND e.journal_id = NEW.id
                          GROUP BY e.currency HAVING sum(e.minor) <> 0) THEN
                RAISE EXCEPTION 'a journal has all its lines, and they sum to nothing in every currency'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER is_balanced AFTER INSERT ON journals DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION journal_is_balanced()"
    )


def _accruals() -> None:
    op.execute(
        f"""
        CREATE TABLE accruals (
            organization_id uuid NOT NULL,
            revenue_id uuid NOT NULL,
            user_id uuid NOT NULL,
            revision bigint NOT NULL CONSTRAINT ck_accruals_revision CHECK (revision >= 1),
            partnership_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            plan_id uuid NOT NULL,
            plan_version bigint NOT NULL,
            agreement_version bigint NOT NULL,
            division_version bigint NOT NULL,
            co_sell text NOT NULL
                CONSTRAINT ck_accruals_co_sell CHECK (co_sell IN ('alone', 'sourced', 'influenced', 'late')),
            currency text NOT NULL CONSTRAINT ck_accruals_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            quota_from date NOT NULL,
            releases_on date NOT NULL,
            credit_minor bigint NOT NULL CONSTRAINT ck_accruals_credit_minor CHECK (credit_minor >= 0),
            attained_minor bigint NOT NULL,
            earned_minor bigint NOT NULL,
            credit_change bigint NOT NULL,
            earned_change bigint NOT NULL,
            parts jsonb NOT NULL CONSTRAINT ck_accruals_parts CHECK (jsonb_typeof(parts) = 'array'),
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_accruals PRIMARY KEY (organization_id, revenue_id, user_id, revision),
            CONSTRAINT fk_accruals_revenue FOREIGN KEY (partnership_id, deal_id, revenue_id) {REVENUE},
            CONSTRAINT fk_accruals_user FOREIGN KEY (organization_id, user_id) {USER},
            CONSTRAINT fk_accruals_plan FOREIGN KEY (organization_id, plan_id, plan_version)
                REFERENCES compensation_versions (organization_id, plan_id, version)
        )
        """
    )
    op.execute("CREATE INDEX ix_accruals_standing ON accruals (organization_id, user_id, plan_id, quota_from)")
    op.execute("CREATE INDEX ix_accruals_plan ON accruals (organization_id, plan_id, plan_version)")
    op.execute("CREATE INDEX ix_accruals_revenue_id ON accruals (partnership_id, deal_id, revenue_id)")
    op.execute("CREATE INDEX ix_accruals_releases_on ON accruals (organization_id, releases_on)")
    op.execute("CREATE TRIGGER recorded_now BEFORE INSERT ON accruals FOR EACH ROW EXECUTE FUNCTION recorded_at_now()")
    op.execute(
        f"""
        CREATE TABLE accrual_states (
            organization_id uuid NOT NULL,
            revenue_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            agreement_version bigint NOT NULL,
            division_version bigint NOT NULL,
            refunded_minor bigint NOT NULL,
            waits_for text
                CONSTRAINT ck_accrual_states_waits_for CHECK (waits_for IN ('split', 'division', 'plan', 'rate')),
            settled_at timestamptz NOT NULL,
            CONSTRAINT pk_accrual_states PRIMARY KEY (organization_id, revenue_id),
            CONSTRAINT fk_accrual_states_revenue FOREIGN KEY (partnership_id, deal_id, revenue_id) {REVENUE}
        )
        """
    )
    op.execute("CREATE INDEX ix_accrual_states_revenue_id ON accrual_states (partnership_id, deal_id, revenue_id)")


def _pay_outs() -> None:
    op.execute(
        f"""
        CREATE TABLE pay_outs (
            organization_id uuid NOT NULL CONSTRAINT fk_pay_outs_organization_id REFERENCES organizations,
            id uuid NOT NULL,
            currency text NOT NULL CONSTRAINT ck_pay_outs_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            status text NOT NULL
                CONSTRAINT ck_pay_outs_status CHECK (status IN ('proposed', 'approved', 'withdrawn')),
            proposed_by uuid NOT NULL,
            proposed_at timestamptz NOT NULL,
            decided_by uuid,
            decided_at timestamptz,
            journal_id uuid,
            CONSTRAINT pk_pay_outs PRIMARY KEY (organization_id, id),
            CONSTRAINT ck_pay_outs_decided CHECK (
                (status = 'proposed') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
            CONSTRAINT ck_pay_outs_second CHECK (status <> 'approved' OR decided_by <> proposed_by),
            CONSTRAINT ck_pay_outs_posted CHECK ((status = 'approved') = (journal_id IS NOT NULL)),
            CONSTRAINT fk_pay_outs_proposed_by FOREIGN KEY (organization_id, proposed_by) {USER},
            CONSTRAINT fk_pay_outs_decided_by FOREIGN KEY (organization_id, decided_by) {USER},
            CONSTRAINT fk_pay_outs_journal FOREIGN KEY (organization_id, journal_id)
                REFERENCES journals (organization_id, id)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX uq_pay_outs_open ON pay_outs (organization_id, currency) WHERE status = 'proposed'")
    op.execute("CREATE INDEX ix_pay_outs_proposed_at ON pay_outs (organization_id, proposed_at, id)")
    for name in ("proposed_by", "decided_by", "journal_id"):
        op.execute(f"CREATE INDEX ix_pay_outs_{name} ON pay_outs (organization_id, {name})")
    op.execute(
        """
        CREATE FUNCTION pay_out_is_decided_once() RETURNS trigger
        LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF OLD.status <> 'proposed' THEN
                RAISE EXCEPTION 'a pay-out is decided once' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER decided_once BEFORE UPDATE ON pay_outs FOR EACH ROW EXECUTE FUNCTION pay_out_is_decided_once()"
    )
    op.execute(
        f"""
        CREATE TABLE pay_out_lines (
            organization_id uuid NOT NULL,
            pay_out_id uuid NOT NULL,
            user_id uuid NOT NULL,
            minor bigint NOT NULL CONSTRAINT ck_pay_out_lines_minor CHECK (minor > 0),
            CONSTRAINT pk_pay_out_lines PRIMARY KEY (organization_id, pay_out_id, user_id),
            CONSTRAINT fk_pay_out_lines_pay_out FOREIGN KEY (organization_id, pay_out_id)
                REFERENCES pay_outs (organization_id, id),
            CONSTRAINT fk_pay_out_lines_user FOREIGN KEY (organization_id, user_id) {USER}
        )
        """
    )
    op.execute("CREATE INDEX ix_pay_out_lines_user_id ON pay_out_lines (organization_id, user_id)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    tables = ("pay_out_lines", "pay_outs", "accrual_states", "accruals", "entries", "journals", "ledger_periods")
    for table in tables:
        op.execute(f"DROP TABLE {table}")
    for function in (
        *("pay_out_is_decided_once", "journal_is_balanced", "journal_is_in_time", "period_is_closed_once"),
    ):
        op.execute(f"DROP FUNCTION {function}()")
