"""Shapes of the works agreement, and of erasing a person and writing out what is kept of them."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from partnercrm.activity import schemas as activity
from partnercrm.identity.agreements import GROUP_MINIMUM, PersonFigures
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Email, Moment, Shape, Text, Whole

_WHO = "Who may see figures about one person, beside that person: nobody, or managers of the company."
_PERSON_FIGURES: Any = {"metadata": {"example": "off", "description": _WHO}}


class ChangeAgreement(Shape):
    """The next version of the works agreement."""

    person_figures = Choice(PersonFigures, required=True, **_PERSON_FIGURES)
    reason = Text(most=500, example="Agreed with the works council on 3 March.", required=True)


class AgreementVersionView(ChangeAgreement):
    """One version of the works agreement."""

    version = Whole(least=1, most=10**6, example=2, required=True)
    decided_at = Moment(required=True)


class AgreementQuery(ListQuery):
    """The order of the works agreement's versions."""

    sort = sort_field("-version", "version")


class AgreementView(Shape):
    """The works agreement in force."""

    version = Whole(least=0, most=10**6, example=2, required=True)
    person_figures = Choice(PersonFigures, required=True, **_PERSON_FIGURES)
    group_minimum = Whole(least=GROUP_MINIMUM, most=GROUP_MINIMUM, example=GROUP_MINIMUM, required=True)
    reason = Text(most=500, example="Agreed with the works council on 3 March.", required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)


class AskTrail(activity.AuditQuery):
    """Filters of the audit trail's page."""


class AskChains(ListQuery):
    """The order of the chains' page."""

    sort = sort_field("-partnership_id", "partnership_id")


class OpenEntry(activity.OpenActivity):
    """Why an entry of the audit trail is opened with its person."""


class ChangeRetention(Shape):
    """For how many days kinds of data are kept; kinds left out stay as they are."""

    periods = fields.Dict(
        keys=Text(most=40, example="notices"),
        values=Whole(least=1, most=3650, example=365),
        required=True,
        metadata={"example": {"notices": 365}},
    )


class KindKeptView(Shape):
    """One kind of data and for how long it is kept."""

    kind = Text(most=40, example="drafts", required=True)
    days = Whole(least=1, most=3650, example=365, required=True)
    default_days = Whole(least=1, most=3650, example=365, required=True)
    least_days = Whole(least=1, most=3650, example=30, required=True)
    most_days = Whole(least=1, most=3650, example=1095, required=True)
    removed = Whole(
        least=0,
        most=10**9,
        example=12,
        required=True,
        allow_none=True,
        metadata={"description": "How many the last run removed; null before the first, and for what is not counted."},
    )
    due = Whole(
        least=0,
        most=1000,
        example=3,
        required=True,
        allow_none=True,
        metadata={"description": "How many are past their time within a day; 1,000 says: or more."},
    )


class RetentionView(Shape):
    """For how long your organization keeps what."""

    kinds = fields.List(fields.Nested(KindKeptView), required=True)
    ran_at = Moment(required=True, allow_none=True)


class PersonAddress(Shape):
    """By which address a person is known here."""

    email = Email(required=True)


class ErasePerson(PersonAddress):
    """Whom to erase; what is erased does not come back."""

    confirmed_email = Email(required=True, metadata={"description": "The same address once more."})

    @validates_schema
    def same(self, data: dict[str, Any], **_: Any) -> None:
        """Keep a slip of the hand from erasing somebody else."""
        if data.get("email", "").lower() != data.get("confirmed_email", "").lower():
            raise ValidationError("This is not the same address.", "confirmed_email")


class ErasedView(Shape):
    """What an erasure went through."""

    users = Whole(least=0, most=1, example=1, required=True)
    leads = Whole(least=0, most=10**9, example=3, required=True)
    accounts = Whole(least=0, most=10**9, example=1, required=True)
    offers = Whole(least=0, most=10**9, example=2, required=True)
    activities = Whole(least=0, most=10**9, example=5, required=True)


class PersonExport(Shape):
    """Everything your organization keeps of a person, by kind (GDPR, article 15)."""

    kept = fields.Dict(
        required=True, metadata={"example": {"contacts": [{"contact_name": "Robin Vale", "company_name": "Northwind"}]}}
    )
    cut_off = fields.List(
        Text(most=40, example="activities"),
        required=True,
        metadata={"description": "The kinds of which there are more than the 10,000 that are written."},
    )
    heads = fields.List(
        fields.Nested(activity.ChainView),
        required=True,
        metadata={"description": "Where the chains over your record end: what is written out is of that state."},
    )
