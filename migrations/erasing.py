"""The step that erases a person, made from a map of where persons stand. Only ever added to: old migrations use it.

Whose words are touched decides what is looked for in them. An organization's own words lose the address and the names
it wrote beside that address. Words the two sides share about a lead or a colleague of that address lose the address and
the full names, and all others the address alone: a name is whatever an organization typed, and must not become a tool to
blank, or to guess at, what the other side wrote. What only the other side reads is not touched, but for its stored
answers about such a lead, and for what it once sent to that very address.
"""

import re
from dataclasses import dataclass, replace

import walls
from alembic import op

MINE = "organization_id = ctx_org()"
BOTH = "ctx_org() IN (first_organization_id, second_organization_id)"
SIDES = "ctx_org() IN (organization_id, other_id)"
GIVEN = "ctx_org() IN (giver_id, receiver_id)"
GAVE = "giver_id = ctx_org()"
SEEN = "(giver_id = ctx_org() OR (receiver_id = ctx_org() AND revealed_at IS NOT NULL))"
WROTE = "author_id = ctx_org()"
TIED = "id = ANY (tied)"
OWN, ABOUT, OTHER = "sought", "in_full", "address_only"

Place = tuple[str, str, str, tuple[str, ...]]
"""A table, which of its rows, what is looked for in them, in which columns."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a person can stand, by table; texts, lists of them and values of JSON lose what is looked for, contacts are emptied.

    `ties` are further queries for the offers that are about the person; `shared` those for the things both sides see,
    of which the other side may have kept an answer with the address in it; `gone` are tables whose rows go as a whole.
    """

    texts: tuple[Place, ...] = ()
    jsons: tuple[Place, ...] = ()
    of_leads: tuple[str, ...] = ()
    of_details: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    lists: tuple[Place, ...] = ()
    of_accounts: tuple[str, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()

    def __add__(self, more: "Places") -> "Places":
        """Return the places of both."""
        return replace(
            self,
            texts=self.texts + more.texts,
            jsons=self.jsons + more.jsons,
            of_leads=self.of_leads + more.of_leads,
            of_details=self.of_details + more.of_details,
            ties=self.ties + more.ties,
            shared=self.shared + more.shared,
            lists=self.lists + more.lists,
            of_accounts=self.of_accounts + more.of_accounts,
            gone=self.gone + more.gone,
        )

    def read(self) -> dict[str, list[str]]:
        """Return the columns that are read, by table."""
        found = self.changed()
        for table, rows, _, _ in (*self.texts, *self.jsons, *self.lists):
            found[table] += [name for name in re.findall(r"\w+(?:_id|_at)", rows) if name not in found[table]]
        return found

    def changed(self) -> dict[str, list[str]]:
        """Return the columns that are changed, by table."""
        found: dict[str, list[str]] = {"leads": [*self.of_leads], "offer_details": [*self.of_details]}
        if self.of_accounts:
            found["account_contacts"] = [*self.of_accounts, "version"]
        for table, _, _, columns in (*self.texts, *self.jsons, *self.lists):
            known = found.setdefault(table, [])
            known += [name for name in columns if name not in known]
        return {table: names for table, names in found.items() if names}


FIRST = Places(
    texts=(
        ("leads", MINE, OWN, ("notes", "need", "company_name")),
        ("proposals", MINE, OWN, ("addressee", "message")),
        ("proposals", TIED, ABOUT, ("addressee", "message")),
        ("received_proposals", "ctx_org() IN (organization_id, proposer_id)", OWN, ("proposed_by_name", "message")),
        ("works_agreements", MINE, OWN, ("reason",)),
        ("api_tokens", MINE, OWN, ("name",)),
        ("lead_imports", MINE, OWN, ("file_name", "problem")),
        ("lead_import_rows", MINE, OWN, ("contact_name", "contact_email", "notes", "need", "company_name")),
        ("offers", GAVE, OWN, ("need", "company_name")),
        ("offers", TIED, ABOUT, ("note",)),
        ("offers", GIVEN, OTHER, ("note", "need", "company_name")),
        ("offer_questions", "offer_id = ANY (tied)", ABOUT, ("question", "answer")),
        ("offer_questions", GIVEN, OTHER, ("question", "answer")),
        ("offer_details", GAVE, OWN, ("message", "company_name")),
        ("offer_details", SEEN, OTHER, ("message", "company_name")),
        ("partnership_terms", BOTH, OTHER, ("moderator_email",)),
        ("term_drafts", MINE, OWN, ("note", "moderator_email")),
        ("term_changes", MINE, OWN, ("note",)),
        ("term_changes", SIDES, OTHER, ("note", "answer", "moderator_email")),
        ("phase_moves", MINE, OWN, ("note", "waiver")),
        ("phase_moves", SIDES, OTHER, ("note", "waiver", "waiver_of_other", "answer")),
        ("criterion_marks", MINE, OWN, ("evidence",)),
        ("criterion_marks", SIDES, OTHER, ("evidence",)),
        ("goal_readings", MINE, OWN, ("note",)),
        ("goal_readings", SIDES, OTHER, ("note",)),
        ("case_entries", WROTE, OWN, ("title", "text", "next_step")),
        ("case_entries", BOTH, OTHER, ("title", "text", "next_step")),
        ("case_moderators", BOTH, OTHER, ("address", "moderator_name", "declares")),
        ("moderations", MINE, OWN, ("declares",)),
    ),
    jsons=(
        ("lead_import_changes", MINE, OWN, ("former",)),
        ("lead_import_rows", MINE, OWN, ("faults",)),
        ("notices", MINE, OWN, ("facts",)),
        ("partnership_terms", BOTH, OTHER, ("goals", "criteria")),
        ("term_drafts", MINE, OWN, ("goals", "criteria")),
        ("term_changes", SIDES, OTHER, ("goals", "criteria")),
        ("case_entries", WROTE, OWN, ("facts",)),
        ("case_entries", BOTH, OTHER, ("facts",)),
    ),
    of_leads=("contact_name", "contact_email", "contact_basis"),
    of_details=("contact_name", "contact_email"),
)
_CONTACT = ("contact_channels", "contact_source", "contact_source_note", "contact_information", "contact_informed_on")
OF_CONTACTS = Places(
    texts=(
        ("leads", MINE, OWN, ("contact_source_note",)),
        ("lead_import_rows", MINE, OWN, ("contact_source_note",)),
        ("offer_details", GAVE, OWN, ("contact_source_note",)),
        ("offer_details", SEEN, OTHER, ("contact_source_note",)),
    ),
    of_leads=_CONTACT,
    of_details=("contact_basis", *_CONTACT),
)
_OF_OWN_LEADS = (
    "SELECT g.offer_id FROM offered_leads g JOIN leads l ON l.id = g.lead_id AND l.organization_id = g.organization_id"
    " WHERE g.organization_id = ctx_org() AND lower(l.contact_email) = lower(address)"
)
OF_OWN_WORDS = Places(
    texts=(
        ("offers", "receiver_id = ctx_org()", OWN, ("note",)),
        ("offer_questions", "receiver_id = ctx_org()", OWN, ("question",)),
        ("offer_questions", GAVE, OWN, ("answer",)),
        ("term_changes", "other_id = ctx_org()", OWN, ("answer",)),
        ("phase_moves", "other_id = ctx_org()", OWN, ("waiver_of_other", "answer")),
    ),
    jsons=(("term_changes", MINE, OWN, ("goals", "criteria")),),
    # A lead that went back or was never answered has no details any more, but the words about it stand.
    ties=(_OF_OWN_LEADS,),
    shared=(
        f"SELECT id FROM offers WHERE {GIVEN}",
        f"SELECT id FROM offer_questions WHERE {GIVEN}",
        f"SELECT id FROM cases WHERE {BOTH}",
        f"SELECT id FROM term_changes WHERE {SIDES}",
        f"SELECT id FROM phase_moves WHERE {SIDES}",
        "SELECT id FROM partnerships WHERE ctx_org() IN (proposer_id, addressee_id)",
    ),
)
# A constant of a mapping can be anybody's address; the first row of a file, taken for the columns' names, anybody's row.
OF_IMPORTS = Places(
    texts=(("lead_imports", MINE, OWN, ("mapping",)), ("import_mappings", MINE, OWN, ("mapping",))),
    lists=(("lead_imports", MINE, OWN, ("header",)),),
)
# What a seller wrote to the partner and to the own manager, asking to offer beyond the trust advance.
OF_REQUESTS = Places(texts=(("offer_requests", MINE, OWN, ("message", "note", "answer")),))
# A seal that is touched no longer is what was committed to: it is not opened, and the round waits for another.
OF_ROUNDS = Places(
    texts=(
        ("exchange_rounds", MINE, OWN, ("note",)),
        ("exchange_rounds", SIDES, OTHER, ("note",)),
        ("round_picks", MINE, OWN, ("message",)),
    ),
    jsons=(
        ("round_picks", MINE, OWN, ("details",)),
        ("sealed_documents", MINE, OWN, ("document",)),
        ("round_seals", MINE, OWN, ("document",)),
        ("round_seals", SIDES, OTHER, ("document",)),
    ),
    shared=(f"SELECT id FROM exchange_rounds WHERE {SIDES}",),
)
# Somebody at a company: the role stays. A company can bear a person's name, and stand where that person lives.
OF_ACCOUNTS = Places(
    texts=(
        ("accounts", MINE, OWN, ("name", "street")),
        ("account_contacts", MINE, OWN, ("contact_role", "contact_source_note")),
    ),
    of_accounts=("contact_name", "contact_email", "contact_basis", *_CONTACT),
)
# A company can bear a person's name, and stand where that person lives, in a file as anywhere.
OF_ACCOUNT_FILES = Places(
    texts=(("account_import_rows", MINE, OWN, ("name", "street")),),
    jsons=(
        ("account_import_rows", MINE, OWN, ("faults",)),
        ("account_import_changes", MINE, OWN, ("former",)),
    ),
)
OF_POPULATIONS = Places(texts=(("populations", MINE, OWN, ("name",)),))
# What both sides call what they compare, and the copies each gave the other of its accounts.
OF_MAPPINGS = Places(
    texts=(
        ("mappings", MINE, OWN, ("label",)),
        ("mappings", "other_id = ctx_org()", OWN, ("other_label",)),
        ("mappings", SIDES, OTHER, ("label", "other_label")),
        ("overlap_disclosures", "discloser_id = ctx_org()", OWN, ("name",)),
        ("overlap_disclosures", "ctx_org() IN (discloser_id, receiver_id)", OTHER, ("name",)),
    ),
    shared=(f"SELECT id FROM mappings WHERE {SIDES}",),
)
# How somebody wishes to be reached about an account; the copies of two, with what each side calls the account.
OF_YESES = Places(
    texts=(
        ("account_yeses", MINE, OWN, ("reach",)),
        ("openings", "first_organization_id = ctx_org()", OWN, ("first_account", "first_reach")),
        ("openings", "second_organization_id = ctx_org()", OWN, ("second_account", "second_reach")),
        ("openings", BOTH, OTHER, ("first_account", "first_reach", "second_account", "second_reach")),
    ),
)
# What a registration asks of the partner, and what the partner's review says.
OF_REGISTRATIONS = Places(
    texts=(
        ("registrations", MINE, OWN, ("asks",)),
        ("registrations", "other_id = ctx_org()", OWN, ("note",)),
        ("registrations", SIDES, OTHER, ("asks", "note")),
    ),
    shared=(f"SELECT id FROM registrations WHERE {SIDES}",),
)

# What a side keeps of a deal for itself.
OF_DEAL_BOOKS = Places(texts=(("deal_books", MINE, OWN, ("own_stage", "notes")),))
# What both sides write to each other about a deal.
OF_DEAL_ENTRIES = Places(
    texts=(("deal_entries", MINE, OWN, ("text",)), ("deal_entries", BOTH, OTHER, ("text",))),
    shared=(f"SELECT id FROM deal_entries WHERE {BOTH}",),
)
_OF_THE_GONE = f"SELECT m.id FROM partnership_members m WHERE m.{MINE} AND m.user_id = gone"
# A file cannot be searched: what the person put there goes, and what is called after them.
OF_DEAL_FILES = Places(
    shared=(f"SELECT id FROM deal_files WHERE {BOTH}",),
    gone=(
        ("deal_files", f"{MINE} AND (name ~* ANY (sought) OR author_id IN ({_OF_THE_GONE}))"),
        ("deal_files", f"{BOTH} AND name ~* ANY (address_only)"),
    ),
)
# What somebody has begun to say of a deal.
OF_REGISTRATION_DRAFTS = Places(texts=(("registration_drafts", MINE, OWN, ("account_name", "asks")),))
# What somebody asked about their pay, and was answered.
OF_EARNING_QUESTIONS = Places(texts=(("earning_questions", MINE, OWN, ("question", "answer")),))
# A company can bear a person's name, whoever proposed to work on it.
OF_JOINT_ACCOUNTS = Places(
    texts=(
        ("joint_accounts", "opened_by = ctx_org()", OWN, ("name",)),
        ("joint_accounts", BOTH, OTHER, ("name",)),
    ),
    shared=(f"SELECT id FROM joint_accounts WHERE {BOTH}",),
)
# A programme's texts name who teaches, an exception's reason why somebody did not get round to it.
OF_ENABLEMENT = Places(
    texts=(
        ("enablement_item_versions", MINE, OWN, ("title", "text", "link")),
        ("enablement_exceptions", MINE, OWN, ("reason",)),
    ),
    jsons=(("enablement_item_versions", MINE, OWN, ("quiz",)),),
)
# What both sides wrote into the plan, and what one noted for itself.
OF_JOINT_PLANS = Places(
    texts=(
        ("joint_accounts", BOTH, OTHER, ("goal", "proposition")),
        ("joint_plan_items", MINE, OWN, ("text",)),
        ("joint_plan_items", BOTH, OTHER, ("text",)),
        ("joint_account_sides", MINE, OWN, ("notes",)),
    ),
    shared=(f"SELECT id FROM joint_plan_items WHERE {BOTH}",),
)
# What both say to customers can name somebody to ask for.
OF_PROPOSITIONS = Places(
    texts=(
        ("value_propositions", MINE, OWN, ("industry", "question")),
        ("value_propositions", SIDES, OTHER, ("industry", "question")),
    ),
    lists=(
        ("value_propositions", MINE, OWN, ("sentences", "answers")),
        ("value_propositions", SIDES, OTHER, ("sentences", "answers")),
    ),
    shared=(f"SELECT id FROM value_propositions WHERE {SIDES}",),
)
# A company can bear a person's name, also one that a lead bore before.
OF_SIGHTINGS = Places(texts=(("lead_sightings", MINE, OWN, ("need", "company_name")),))


def grant(places: Places) -> None:
    """Let the step read and change these columns."""
    _rights("GRANT", "TO", places)


def revoke(places: Places) -> None:
    """Take from the step what `grant` gave."""
    _rights("REVOKE", "FROM", places)


def _rights(verb: str, direction: str, places: Places) -> None:
    for right, columns in (("SELECT", places.read()), ("UPDATE", places.changed())):
        for table, names in sorted(columns.items()):
            op.execute(f"{verb} {right} ({', '.join(names)}) ON {table} {direction} {walls.roles().steps}")


def define(places: Places) -> None:
    """Make the step anew, over these places."""
    op.execute("DROP FUNCTION IF EXISTS step_erase_person(text, uuid)")
    op.execute(_STEP.format(**_parts(places)))
    walls.definer(walls.roles().steps, "step_erase_person(text, uuid)")


def _parts(places: Places) -> dict[str, str]:
    texts = [_update(place, "{0} = erased_text({0}, {1})", "{0} ~* ANY ({1})") for place in places.texts]
    jsons = [_update(place, "{0} = erased_json({0}, {1})", "{0} <> erased_json({0}, {1})") for place in places.jsons]
    lists = [
        _update(place, "{0} = erased_text({0}::text, {1})::text[]", "{0}::text ~* ANY ({1})") for place in places.lists
    ]
    return {
        "mine": MINE,
        "seen": SEEN,
        "gave": GAVE,
        "rewritten": "\n".join((*texts, *jsons, *lists)),
        "deleted": "".join(f"\n    DELETE FROM {table} WHERE {rows};" for table, rows in places.gone),
        "empty_lead": ", ".join(f"{name} = NULL" for name in places.of_leads),
        "ties": "".join(f"\n        UNION\n        {query}" for query in places.ties),
        "of_shared": _of_shared(places.shared),
        "names_at_accounts": _NAMES_AT_ACCOUNTS if places.of_accounts else "",
        "emptied_at_accounts": _emptied_at_accounts(places.of_accounts),
        "empty_details": ", ".join(f"{name} = NULL" for name in places.of_details),
    }


_NAMES_AT_ACCOUNTS = f"""
        UNION SELECT contact_name FROM account_contacts WHERE {MINE} AND lower(contact_email) = lower(address)"""


def _emptied_at_accounts(columns: tuple[str, ...]) -> str:
    """Return the change that leaves of a person at a company the role."""
    if not columns:
        return ""
    return f"""
    UPDATE account_contacts SET {", ".join(f"{name} = NULL" for name in columns)}, version = version + 1
    WHERE {MINE} AND (lower(contact_email) = lower(address) OR (contact_email IS NULL AND contact_name ~* ANY (sought)));
    GET DIAGNOSTICS rows = ROW_COUNT;
    counted := counted || jsonb_build_object('accounts', rows);"""


def _of_shared(queries: tuple[str, ...]) -> str:
    """Return the condition on an answer the other side kept: about a shared thing, about the person or with the address."""
    if not queries:
        return ""
    things = "\n                                     UNION ALL ".join(queries)
    kept = "SELECT id FROM offer_questions WHERE offer_id = ANY (tied)"
    return f"""
                                OR subject_id IN ({kept})
                                OR (convert_from(body, 'UTF8') ~* ANY (address_only)
                                    AND subject_id IN ({things}))"""


def _update(place: Place, change: str, found: str) -> str:
    table, rows, what, columns = place
    changes = ", ".join(change.format(column, what) for column in columns)
    anywhere = " OR ".join(found.format(column, what) for column in columns)
    return f"    UPDATE {table} SET {changes} WHERE {rows} AND ({anywhere});"


# A file cannot be searched, whose letters may be written in any way and whose pieces may cut a name in two: it goes.
_STEP = """
CREATE FUNCTION step_erase_person(address text, own_event uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    gone uuid := (SELECT id FROM users WHERE {mine} AND email = lower(address));
    joined uuid[] := ARRAY(SELECT partnership_id FROM partnership_members WHERE {mine} AND user_id = gone);
    tied uuid[];
    names text[];
    address_only text[] := erasure_patterns(address, '{{}}');
    in_full text[];
    sought text[];
    counted jsonb := '{{}}';
    touched jsonb := '{{}}';
    rows bigint;
    event uuid;
    one uuid;
BEGIN
    PERFORM set_config('partnercrm.erasing', 'on', true);
    UPDATE lead_imports SET state = 'cancelled', ended_at = clock_timestamp(), version = version + 1,
           problem = 'A person was erased while this was not done: send the file again, without them.'
    WHERE {mine} AND state IN ('ready', 'checking', 'checked', 'applying', 'failed');
    DELETE FROM lead_import_pieces WHERE {mine};

    tied := ARRAY(
        SELECT offer_id FROM offer_details WHERE {seen} AND lower(contact_email) = lower(address)
        UNION
        SELECT o.id FROM offers o JOIN partnership_members m ON m.id IN (o.giver_member_id, o.receiver_member_id)
        WHERE m.organization_id = ctx_org() AND m.user_id = gone
        UNION
        SELECT p.id FROM proposals p JOIN received_proposals r ON r.proposal_id = p.id
        WHERE r.organization_id = ctx_org() AND lower(p.addressee) = lower(address){ties}
    );
    names := ARRAY(
        SELECT name FROM users WHERE id = gone
        UNION SELECT name FROM invitations WHERE {mine} AND email = lower(address)
        UNION SELECT contact_name FROM leads WHERE {mine} AND lower(contact_email) = lower(address)
        UNION SELECT contact_name FROM lead_import_rows WHERE {mine} AND lower(contact_email) = lower(address)
        UNION SELECT contact_name FROM offer_details WHERE {seen} AND lower(contact_email) = lower(address){names_at_accounts}
    );
    sought := erasure_patterns(address, names);
    in_full := erasure_patterns(address, ARRAY(SELECT n FROM unnest(names) AS n WHERE trim(n) ~ '[[:space:]]'));

    UPDATE leads SET {empty_lead}, version = version + 1
    WHERE {mine} AND (lower(contact_email) = lower(address) OR (contact_email IS NULL AND contact_name ~* ANY (sought)));
    GET DIAGNOSTICS rows = ROW_COUNT;
    counted := counted || jsonb_build_object('leads', rows);{emptied_at_accounts}
    UPDATE offer_details SET {empty_details}
    WHERE {seen} AND (lower(contact_email) = lower(address)
                      OR ({gave} AND contact_email IS NULL AND contact_name ~* ANY (sought)));
    GET DIAGNOSTICS rows = ROW_COUNT;
    counted := counted || jsonb_build_object('offers', rows);
{rewritten}
    UPDATE idempotency_keys SET body = NULL
    WHERE body IS NOT NULL AND ({mine} AND convert_from(body, 'UTF8') ~* ANY (sought)
                                OR subject_id = ANY (tied || joined){of_shared});{deleted}
    DELETE FROM invitations WHERE {mine} AND (email = lower(address) OR name ~* ANY (sought));
    DELETE FROM reset_requests WHERE lower(email) = lower(address);
    UPDATE partnership_members SET name = 'Erased person' WHERE {mine} AND user_id = gone;
    DELETE FROM mail_actions WHERE {mine} AND user_id = gone;
    DELETE FROM notices WHERE {mine} AND user_id = gone;
    DELETE FROM passwords WHERE {mine} AND user_id = gone;
    DELETE FROM password_resets WHERE {mine} AND user_id = gone;
    DELETE FROM sessions WHERE {mine} AND user_id = gone;
    DELETE FROM api_tokens WHERE {mine} AND user_id = gone;
    UPDATE users SET email = 'erased.' || replace(id::text, '-', '') || '@erased.invalid', name = 'Erased person',
           disabled_at = coalesce(disabled_at, clock_timestamp()), version = version + 1
    WHERE {mine} AND id = gone;
    GET DIAGNOSTICS rows = ROW_COUNT;
    counted := counted || jsonb_build_object('users', rows);

    UPDATE activities SET facts = '{{}}', request_id = '', salt = gen_random_uuid(), erased_by = own_event
    WHERE {mine} AND (facts <> erased_json(facts, sought) OR request_id ~* ANY (sought));
    GET DIAGNOSTICS rows = ROW_COUNT;
    counted := counted || jsonb_build_object('activities', rows);
    FOR one IN SELECT id FROM partnerships WHERE ctx_org() IN (proposer_id, addressee_id) LOOP
        event := gen_random_uuid();
        UPDATE shared_activities SET facts = '{{}}', salt = gen_random_uuid(), erased_by = event
        WHERE partnership_id = one AND facts <> erased_json(facts, CASE
            WHEN acting_organization_id = ctx_org() THEN sought
            WHEN subject_id = ANY (tied) THEN in_full
            ELSE address_only END);
        GET DIAGNOSTICS rows = ROW_COUNT;
        IF rows > 0 OR one = ANY (joined) OR (counted->>'offers')::bigint > 0 THEN
            touched := touched || jsonb_build_object(one::text, event);
            UPDATE partnerships SET version = version + 1 WHERE id = one;
        END IF;
    END LOOP;
    PERFORM set_config('partnercrm.erasing', '', true);
    RETURN jsonb_build_object('counted', counted, 'partnerships', touched);
END $$
"""
