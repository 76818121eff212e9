"""Transactions: whose they are, what may be written, what survives."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from partnercrm.identity.models import Team
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Conflict
from partnercrm.kernel.ids import new_id
from tests.cast import Cast


def team(actor: Actor, name: str = "South") -> Team:
    made = Team(id=new_id(), organization_id=actor.organization_id, name=name)
    db.session().add(made)
    db.session().flush()
    return made


def refused(actor: Actor, aside: str | None = None) -> None:
    with db.transaction(actor):
        if aside:
            with db.aside(actor):
                team(actor, aside)
        team(actor, "undone")
        raise Conflict


def names(actor: Actor) -> list[str]:
    with db.transaction(actor, read_only=True):
        return list(db.session().scalars(select(Team.name).order_by(Team.name)))


def test_what_is_done_in_a_transaction_is_kept_at_its_end_and_undone_when_it_raises(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        team(actor, "kept")
    with pytest.raises(Conflict):
        refused(actor)

    assert names(actor) == ["kept"]


def test_a_read_only_transaction_writes_nothing(cast: Cast) -> None:
    actor = cast.ada.actor

    with pytest.raises(DBAPIError, match="read-only transaction"), db.transaction(actor, read_only=True):
        team(actor)

    assert names(actor) == []


def test_a_write_within_a_get_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from partnercrm.identity import queries

    monkeypatch.setattr(queries, "organization", team)

    assert cast.ada.response("GET", "/me").status_code == 500
    assert names(cast.ada.actor) == []


def test_what_is_done_aside_survives_a_refusal(cast: Cast) -> None:
    actor = cast.ada.actor

    with pytest.raises(Conflict):
        refused(actor, aside="aside")

    assert names(actor) == ["aside"]


def test_what_is_done_aside_of_a_read_is_written_although_the_read_is_read_only(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor, read_only=True):
        with db.aside(actor):
            team(actor, "aside")
        with pytest.raises(DBAPIError, match="read-only transaction"):
            team(actor, "refused")
        db.session().rollback()

    assert names(actor) == ["aside"]


def test_what_is_done_on_trial_is_undone(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        with db.trial():
            team(actor, "tried")
        team(actor, "kept")

    assert names(actor) == ["kept"]


def test_transactions_do_not_nest_and_outside_of_one_there_is_no_session(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor), pytest.raises(RuntimeError, match="already open"), db.transaction(actor):
        pass
    with pytest.raises(RuntimeError, match="no transaction is open"):
        db.session()


def context() -> tuple[str, UUID | None]:
    row = db.session().execute(text("SELECT current_setting('partnercrm.organization', true), ctx_org()")).one()
    return row[0], row[1]


def test_the_database_knows_for_whom_it_works_and_forgets_it_at_the_end(cast: Cast) -> None:
    actor = cast.ada.actor
    for _ in range(3):
        with db.transaction(actor):
            assert context() == (str(actor.organization_id), actor.organization_id)
        with db.transaction(None):
            assert context() == ("", None)
            assert list(db.session().scalars(select(Team.name))) == []


def test_the_one_aside_does_not_change_for_whom_the_other_works(cast: Cast) -> None:
    acme, initech = cast.ada.actor, cast.ines.actor
    with db.transaction(acme):
        with db.aside(initech):
            assert context()[1] == initech.organization_id
        assert context()[1] == acme.organization_id


def test_who_comes_second_is_refused_by_the_named_constraint_and_by_no_other(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        team(actor, "South")

    with pytest.raises(Conflict), db.transaction(actor), db.unique("uq_teams_organization_id_name", Conflict):
        db.session().add(Team(id=new_id(), organization_id=actor.organization_id, name="South"))
    with pytest.raises(IntegrityError), db.transaction(actor), db.unique("pk_teams", Conflict):
        db.session().add(Team(id=new_id(), organization_id=actor.organization_id, name="South"))
