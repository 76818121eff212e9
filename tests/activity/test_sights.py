"""Asking a query's filter about one row, with the row's values in the place of its columns."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Select, exists, or_, select

from partnercrm.activity.models import Activity, SharedActivity
from partnercrm.activity.sights import would_find
from partnercrm.kernel import db
from partnercrm.kernel.ids import new_id

MINE, OTHER = new_id(), new_id()


def found(rows: Select[Activity], **row: object) -> bool:
    with db.transaction(None, read_only=True) as session:
        return bool(session.execute(select(would_find(rows, row))).scalar_one())


def test_a_filter_is_asked_about_a_row_that_need_not_be_there(app: Flask) -> None:
    rows = select(Activity).where(
        Activity.organization_id == MINE, or_(Activity.user_id == OTHER, Activity.verb == "x")
    )

    assert found(rows, organization_id=MINE, user_id=OTHER)
    assert found(rows, organization_id=MINE, verb="x")
    assert not found(rows, organization_id=OTHER, user_id=OTHER)
    assert not found(rows, organization_id=MINE, user_id=MINE)
    assert not found(rows)


def test_what_is_asked_of_other_rows_counts_as_given(app: Flask) -> None:
    elsewhere = exists().where(SharedActivity.id == Activity.id, SharedActivity.verb == "y")

    assert found(select(Activity).where(elsewhere, Activity.id.in_([MINE])), id=MINE)
    assert not found(select(Activity).where(elsewhere, Activity.id.in_(list[UUID]())), id=MINE)


def test_what_cannot_be_taken_as_given_is_refused() -> None:
    elsewhere = exists().where(SharedActivity.id == Activity.id)
    with pytest.raises(TypeError, match="absent"):
        would_find(select(Activity).where(~elsewhere), {})
    with pytest.raises(TypeError, match="without a filter"):
        would_find(select(Activity), {})
