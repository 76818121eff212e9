"""Exchange rounds: agreed by both, sealed by each side in private, revealed in one step or returned untouched."""

import erasing
import walls
from alembic import op

revision = "0057"
down_revision = "0056"

ERASED = erasing.FIRST + erasing.OF_CONTACTS + erasing.OF_OWN_WORDS + erasing.OF_IMPORTS + erasing.OF_REQUESTS
TEASER = (
    *("company_name", "country", "industry", "size_band", "need", "contact_role"),
    *("value_band", "value_currency", "product_line_id"),
)
DETAILS = (
    *("company_name", "company_domain", "contact_name", "contact_email", "contact_basis", "contact_channels"),
    *("contact_source", "contact_source_note", "contact_information", "contact_informed_on"),
    *("value_minor", "currency", "message"),
)
SEALED = ("offer_id", "details", "details_salt", "company_key", "name_key", "tier")
UNSEALED = ", ".join(f"{name} = NULL" for name in SEALED)
SIDES = """FOREIGN KEY (partnership_id, organization_id, other_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id)"""
OF_ROUND = "FOREIGN KEY (partnership_id, round_id) REFERENCES exchange_rounds (partnership_id, id)"
WHOLE = """
            SELECT FROM sealed_documents d
            WHERE d.seal_id = s.id AND d.organization_id = s.organization_id
              AND s.commitment = sha256(d.salt || convert_to(canonical_json(d.document), 'UTF8'))
              AND (d.document->>'terms_version')::bigint = terms
              AND jsonb_array_length(d.document->'leads') = opened.leads_each
              AND opened.leads_each = (
                  SELECT count(*) FROM jsonb_array_elements(d.document->'leads') AS l
                  JOIN round_picks p ON p.offer_id = (l->>'offer_id')::uuid
                  WHERE p.round_id = which AND p.organization_id = s.organization_id
                    AND l->>'details' =
                        encode(sha256(p.details_salt || convert_to(canonical_json(p.details), 'UTF8')), 'hex'))"""
# Who has the lead now speaks for it, if they are a member; else whoever manages the partnership longest.
GIVER = """coalesce(
                   (SELECT m.id FROM partnership_members m
                    JOIN leads k ON k.organization_id = m.organization_id AND k.owner_id = m.user_id
                    WHERE k.id = p.lead_id AND m.organization_id = seal.organization_id
                      AND m.partnership_id = seal.partnership_id AND m.left_at IS NULL),
                   (SELECT m.id FROM partnership_members m
                    WHERE m.organization_id = seal.organization_id AND m.partnership_id = seal.partnership_id
                      AND m.left_at IS NULL
                    ORDER BY m.role <> 'partner_manager', m.joined_at, m.id LIMIT 1))"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _tables()
    _walls()
    _legal()
    _rights_across()
    _canonical()
    _reveal()
    _return()
    _end()
    _erased_picks()
    erasing.grant(erasing.OF_ROUNDS)
    erasing.define(ERASED + erasing.OF_ROUNDS)


def _tables() -> None:
    op.execute(
        f"""
        CREATE TABLE exchange_rounds (
            id uuid CONSTRAINT pk_exchange_rounds PRIMARY KEY,
            partnership_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            other_id uuid NOT NULL,
            leads_each bigint NOT NULL CONSTRAINT ck_exchange_rounds_leads_each CHECK (leads_each BETWEEN 1 AND 20),
            ends_at timestamptz NOT NULL,
            note text NOT NULL CONSTRAINT ck_exchange_rounds_note CHECK (length(note) <= 2000),
            status text NOT NULL CONSTRAINT ck_exchange_rounds_status
                CHECK (status IN ('proposed', 'open', 'revealed', 'returned', 'declined', 'withdrawn')),
            proposed_at timestamptz NOT NULL,
            answered_at timestamptz,
            closed_at timestamptz,
            CONSTRAINT uq_exchange_rounds_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_exchange_rounds_answered CHECK (
                status NOT IN ('open', 'revealed', 'declined', 'withdrawn') OR answered_at IS NOT NULL),
            CONSTRAINT ck_exchange_rounds_closed CHECK ((status IN ('revealed', 'returned')) = (closed_at IS NOT NULL)),
            CONSTRAINT fk_exchange_rounds_side {SIDES}
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_exchange_rounds_going_on ON exchange_rounds (partnership_id)"
        " WHERE status IN ('proposed', 'open')"
    )
    op.execute(
        "CREATE INDEX ix_exchange_rounds_partnership_id_proposed_at"
        " ON exchange_rounds (partnership_id, proposed_at, id)"
    )
    op.execute(
        f"""
        CREATE TABLE round_seals (
            id uuid CONSTRAINT pk_round_seals PRIMARY KEY,
            partnership_id uuid NOT NULL,
            round_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            other_id uuid NOT NULL,
            commitment bytea NOT NULL CONSTRAINT ck_round_seals_commitment CHECK (length(commitment) = 32),
            sealed_at timestamptz NOT NULL,
            withdrawn_at timestamptz,
            salt bytea CONSTRAINT ck_round_seals_salt CHECK (length(salt) = 32),
            document jsonb,
            CONSTRAINT uq_round_seals_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT ck_round_seals_opened
                CHECK ((salt IS NULL) = (document IS NULL) AND (salt IS NULL OR withdrawn_at IS NULL)),
            CONSTRAINT fk_round_seals_side {SIDES},
            CONSTRAINT fk_round_seals_round {OF_ROUND}
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_round_seals_standing ON round_seals (organization_id, round_id)"
        " WHERE withdrawn_at IS NULL"
    )
    op.execute("CREATE INDEX ix_round_seals_round_id ON round_seals (partnership_id, round_id)")
    op.execute(
        f"""
        CREATE TABLE round_picks (
            id uuid CONSTRAINT pk_round_picks PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            round_id uuid NOT NULL,
            lead_id uuid NOT NULL,
            message text NOT NULL CONSTRAINT ck_round_picks_message CHECK (length(message) <= 2000),
            shows_company boolean NOT NULL,
            role_only boolean NOT NULL,
            product_line_id uuid,
            picked_at timestamptz NOT NULL,
            offer_id uuid,
            details jsonb,
            details_salt bytea CONSTRAINT ck_round_picks_details_salt CHECK (length(details_salt) = 32),
            company_key text,
            name_key text,
            tier text CONSTRAINT ck_round_picks_tier CHECK (tier IN ('public', 'partner_internal', 'need_to_know')),
            CONSTRAINT uq_round_picks_organization_id_round_id_lead_id UNIQUE (organization_id, round_id, lead_id),
            CONSTRAINT ck_round_picks_sealed CHECK (num_nonnulls({", ".join(SEALED)}) IN (0, {len(SEALED)})),
            CONSTRAINT fk_round_picks_organization_id_lead_id
                FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_round_picks_round {OF_ROUND}
        )
        """
    )
    op.execute("CREATE INDEX ix_round_picks_organization_id_lead_id ON round_picks (organization_id, lead_id)")
    op.execute("CREATE INDEX ix_round_picks_round_id ON round_picks (partnership_id, round_id)")
    op.execute(
        f"""
        CREATE TABLE sealed_documents (
            seal_id uuid CONSTRAINT pk_sealed_documents PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            round_id uuid NOT NULL,
            salt bytea NOT NULL CONSTRAINT ck_sealed_documents_salt CHECK (length(salt) = 32),
            document jsonb NOT NULL,
            CONSTRAINT fk_sealed_documents_organization_id_seal_id
                FOREIGN KEY (organization_id, seal_id) REFERENCES round_seals (organization_id, id),
            CONSTRAINT fk_sealed_documents_round {OF_ROUND}
        )
        """
    )
    op.execute("CREATE INDEX ix_sealed_documents_round_id ON sealed_documents (partnership_id, round_id)")
    op.execute("ALTER TABLE offer_details ADD COLUMN sealed_salt bytea")


def _walls() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("exchange_rounds", "organization_id", "other_id")
    op.execute(
        f"CREATE POLICY own_adds ON exchange_rounds AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK ("
        "organization_id = (SELECT ctx_org()) AND status = 'proposed' AND answered_at IS NULL)"
    )
    walls.grant("exchange_rounds", "SELECT, INSERT, UPDATE (status, answered_at)")
    walls.shared("round_seals", "organization_id", "other_id")
    mine = "organization_id = (SELECT ctx_org())"
    op.execute(
        f"CREATE POLICY own_adds ON round_seals AS RESTRICTIVE FOR INSERT TO {people}"
        f" WITH CHECK ({mine} AND withdrawn_at IS NULL AND salt IS NULL)"
    )
    op.execute(f"CREATE POLICY own_changes ON round_seals AS RESTRICTIVE FOR UPDATE TO {people} USING ({mine})")
    walls.grant("round_seals", "SELECT, INSERT, UPDATE (withdrawn_at)")
    walls.owned("round_picks")
    walls.grant("round_picks", "SELECT, INSERT, UPDATE, DELETE")
    walls.owned("sealed_documents")
    walls.grant("sealed_documents", "SELECT, INSERT, DELETE")


def _legal() -> None:
    """Each side answers what the other proposed; only the steps reveal and return, and only open rounds are sealed."""
    op.execute(
        f"""
        CREATE FUNCTION rounds_step_is_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            side text := CASE WHEN current_user = '{walls.roles().steps}' THEN 'step'
                              WHEN ctx_org() = OLD.organization_id THEN 'proposer'
                              WHEN ctx_org() = OLD.other_id THEN 'other' END;
        BEGIN
            IF (OLD.status, NEW.status, side) NOT IN (
                ('proposed', 'open', 'other'), ('proposed', 'declined', 'other'), ('proposed', 'withdrawn', 'proposer'),
                ('proposed', 'returned', 'step'), ('open', 'returned', 'step'), ('open', 'revealed', 'step')
            ) THEN
                RAISE EXCEPTION 'a round cannot go from % to % by %', OLD.status, NEW.status, side
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER legal_step BEFORE UPDATE OF status, answered_at ON exchange_rounds FOR EACH ROW"
        " EXECUTE FUNCTION rounds_step_is_legal()"
    )
    op.execute(
        """
        CREATE FUNCTION seals_are_of_open_rounds() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM exchange_rounds WHERE id = NEW.round_id AND status = 'open') THEN
                RAISE EXCEPTION 'only an open round is sealed or unsealed' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER of_open_round BEFORE INSERT OR UPDATE OF commitment, withdrawn_at, salt ON round_seals"
        " FOR EACH ROW EXECUTE FUNCTION seals_are_of_open_rounds()"
    )


def _rights_across() -> None:
    steps = walls.roles().steps
    for table in ("exchange_rounds", "round_seals"):
        walls.grant_to(steps, table, "SELECT, UPDATE, DELETE")
    walls.grant_to(steps, "round_picks", "SELECT, UPDATE, DELETE")
    walls.grant_to(steps, "sealed_documents", "SELECT, UPDATE, DELETE")
    for table in ("offers", "offer_details", "lead_steps", "offered_leads"):
        op.execute(f"GRANT INSERT ON {table} TO {steps}")
    op.execute(f"GRANT SELECT (is_current), UPDATE (is_current) ON offered_leads TO {steps}")
    op.execute(f"GRANT SELECT (owner_id) ON leads TO {steps}")


def _canonical() -> None:
    """Write a document down as `leads/sealing.py` does: keys sorted, no spaces."""
    op.execute(
        """
        CREATE FUNCTION canonical_json(said jsonb) RETURNS text
        LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
        BEGIN
            RETURN CASE jsonb_typeof(said)
                WHEN 'object' THEN '{' || coalesce(
                    (SELECT string_agg(to_jsonb(e.key)::text || ':' || canonical_json(e.value), ',' ORDER BY e.key COLLATE "C")
                     FROM jsonb_each(said) AS e), '') || '}'
                WHEN 'array' THEN '[' || coalesce(
                    (SELECT string_agg(canonical_json(e.one), ',' ORDER BY e.place)
                     FROM jsonb_array_elements(said) WITH ORDINALITY AS e (one, place)), '') || ']'
                ELSE said::text END;
        END $$
        """
    )


def _reveal() -> None:
    """Open both seals if both still are what was committed to; a broken one is unsealed, and the round stays open."""
    op.execute(
        f"""
        CREATE FUNCTION step_reveal_round(which uuid, happened timestamptz, terms bigint, times jsonb) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            me uuid := ctx_org();
            opened exchange_rounds;
            seal record;
        BEGIN
            SELECT r.* INTO opened FROM exchange_rounds r
            WHERE r.id = which AND r.status = 'open' AND r.ends_at > happened AND me IN (r.organization_id, r.other_id)
              AND EXISTS (SELECT FROM partnerships p WHERE p.id = r.partnership_id AND p.status NOT IN ('paused', 'ended'))
            FOR UPDATE;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            FOR seal IN
                SELECT s.id, s.organization_id FROM round_seals s
                WHERE s.round_id = which AND s.withdrawn_at IS NULL AND NOT EXISTS ({WHOLE})
            LOOP
                UPDATE round_seals SET withdrawn_at = happened WHERE id = seal.id;
                DELETE FROM sealed_documents WHERE seal_id = seal.id;
                UPDATE round_picks SET {UNSEALED} WHERE round_id = which AND organization_id = seal.organization_id;
            END LOOP;
            IF (SELECT count(*) FROM round_seals WHERE round_id = which AND withdrawn_at IS NULL) < 2 THEN
                RETURN false;
            END IF;
            FOR seal IN
                SELECT s.id, s.partnership_id, s.organization_id, s.other_id, d.salt, d.document,
                       times->(s.organization_id::text) AS times
                FROM round_seals s JOIN sealed_documents d ON d.seal_id = s.id
                WHERE s.round_id = which AND s.withdrawn_at IS NULL ORDER BY s.organization_id
            LOOP
                {_opened()}
            END LOOP;
            PERFORM set_config('partnercrm.organization', me::text, true);
            UPDATE exchange_rounds SET status = 'revealed', closed_at = happened WHERE id = which;
            DELETE FROM sealed_documents WHERE round_id = which;
            DELETE FROM round_picks WHERE round_id = which;
            RETURN true;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_reveal_round(uuid, timestamptz, bigint, jsonb)")


def _opened() -> str:
    """Return what makes the ordinary offers of one side's seal; the guards of these tables take it for that side."""
    mine = "p.round_id = which AND p.organization_id = seal.organization_id AND p.offer_id IS NOT NULL"
    return f"""PERFORM set_config('partnercrm.organization', seal.organization_id::text, true);
                UPDATE round_seals SET salt = seal.salt, document = seal.document WHERE id = seal.id;
                INSERT INTO offers (id, partnership_id, giver_id, receiver_id, giver_member_id, status, offered_at,
                                    respond_by, expires_at, version, {", ".join(TEASER)})
                SELECT p.offer_id, seal.partnership_id, seal.organization_id, seal.other_id, {GIVER}, 'offered', happened,
                       (seal.times->>'respond_by')::timestamptz, (seal.times->>'expires_at')::timestamptz, 1,
                       {", ".join(f"t.{name}" for name in TEASER)}
                FROM jsonb_array_elements(seal.document->'leads') AS l
                JOIN round_picks p ON p.offer_id = (l->>'offer_id')::uuid,
                LATERAL jsonb_populate_record(NULL::offers, l->'teaser') AS t
                WHERE {mine};
                INSERT INTO offer_details (offer_id, partnership_id, giver_id, receiver_id, company_key, name_key, tier,
                                           sealed_salt, {", ".join(DETAILS)})
                SELECT p.offer_id, seal.partnership_id, seal.organization_id, seal.other_id, p.company_key, p.name_key,
                       p.tier, p.details_salt, {", ".join(f"t.{name}" for name in DETAILS)}
                FROM round_picks p, LATERAL jsonb_populate_record(NULL::offer_details, p.details) AS t
                WHERE {mine};
                UPDATE offered_leads o SET is_current = false FROM round_picks p
                WHERE {mine} AND o.organization_id = p.organization_id AND o.lead_id = p.lead_id AND o.is_current;
                INSERT INTO offered_leads (offer_id, organization_id, lead_id, is_current)
                SELECT p.offer_id, p.organization_id, p.lead_id, true FROM round_picks p WHERE {mine};
                INSERT INTO lead_steps (id, partnership_id, giver_id, receiver_id, offer_id, step, happened_at)
                SELECT gen_random_uuid(), seal.partnership_id, seal.organization_id, seal.other_id, p.offer_id, 'offered',
                       happened
                FROM round_picks p WHERE {mine};"""


def _return() -> None:
    op.execute(
        """
        CREATE FUNCTION step_return_round(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE exchange_rounds SET status = 'returned', closed_at = happened
            WHERE id = which AND status IN ('proposed', 'open') AND ctx_org() IN (organization_id, other_id);
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            DELETE FROM sealed_documents WHERE round_id = which;
            DELETE FROM round_picks WHERE round_id = which;
            DELETE FROM round_seals WHERE round_id = which;
            RETURN true;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_return_round(uuid, timestamptz)")


def _end() -> None:
    op.execute(
        """
        CREATE FUNCTION rounds_end() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM sealed_documents WHERE partnership_id = NEW.id;
            DELETE FROM round_picks WHERE partnership_id = NEW.id;
            DELETE FROM round_seals WHERE partnership_id = NEW.id;
            DELETE FROM exchange_rounds WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "rounds_end()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION rounds_end() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        "CREATE TRIGGER rounds_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION rounds_end()"
    )


def _erased_picks() -> None:
    """Let go what lies under seal of a lead whose details an erasure touches: short names too go with their address."""
    op.execute(
        f"""
        CREATE FUNCTION erased_picks_are_unsealed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            {" ".join(f"NEW.{name} := NULL;" for name in SEALED)}
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER erased BEFORE UPDATE OF details ON round_picks FOR EACH ROW"
        " WHEN (erasing() AND NEW.details IS DISTINCT FROM OLD.details)"
        " EXECUTE FUNCTION erased_picks_are_unsealed()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    erasing.define(ERASED)
    op.execute("DROP TRIGGER rounds_end ON partnerships")
    op.execute("DROP FUNCTION rounds_end()")
    op.execute("DROP FUNCTION step_return_round(uuid, timestamptz)")
    op.execute("DROP FUNCTION step_reveal_round(uuid, timestamptz, bigint, jsonb)")
    op.execute("DROP FUNCTION canonical_json(jsonb)")
    op.execute(f"REVOKE SELECT (owner_id) ON leads FROM {steps}")
    op.execute(f"REVOKE SELECT (is_current), UPDATE (is_current) ON offered_leads FROM {steps}")
    for table in ("offers", "offer_details", "lead_steps", "offered_leads"):
        op.execute(f"REVOKE INSERT ON {table} FROM {steps}")
    op.execute("ALTER TABLE offer_details DROP COLUMN sealed_salt")
    for table in ("sealed_documents", "round_picks", "round_seals", "exchange_rounds"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION erased_picks_are_unsealed()")
    op.execute("DROP FUNCTION seals_are_of_open_rounds()")
    op.execute("DROP FUNCTION rounds_step_is_legal()")
