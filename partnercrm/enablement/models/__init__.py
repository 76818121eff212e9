"""What a side's programme is made of and what its people did with it; all owned: the partner reads none of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, FetchedValue, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym

from partnercrm.enablement.items import Gated, GateMode, ItemKind, Outcome
from partnercrm.enablement.quizzes import Question
from partnercrm.kernel import clock
from partnercrm.kernel.db import Base


def _side() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["partnership_id", "organization_id"], ["partnership_sides.partnership_id", "partnership_sides.organization_id"]
    )


def _of_user(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organization_id", column], ["users.organization_id", "users.id"])


class Item(Base):
    """Something a side's own sellers are to know in a partnership; what it says stands in its versions."""

    __tablename__ = "enablement_items"
    __table_args__ = (_side(), _of_user("owner_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    kind: Mapped[ItemKind]
    owner_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def version_tag(self) -> str:
        """What the item says, whose it is, and whether it is in use."""
        return f"{self.id.hex}.{self.version}.{self.owner_id.hex[-12:]}.{int(self.archived_at is not None)}"


class ItemVersion(Base):
    """What an item was from a moment on; where it `reopens`, who knew it before has to learn it anew."""

    __tablename__ = "enablement_item_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "item_id"], ["enablement_items.organization_id", "enablement_items.id"]
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    link: Mapped[str | None]
    quiz: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    pass_percent: Mapped[int]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_must_know: Mapped[bool]
    reopens: Mapped[bool]
    valid_days: Mapped[int | None]
    renew_days: Mapped[int]
    recorded_at: Mapped[datetime]

    @property
    def questions(self) -> list[Question]:
        """The quiz as it is decided about."""
        return [Question.read(one) for one in self.quiz]


class ItemResult(Base):
    """What happened between a person and a version of an item; never changed, corrected by what follows."""

    __tablename__ = "enablement_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "item_id"], ["enablement_items.organization_id", "enablement_items.id"]
        ),
        _of_user("user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    item_id: Mapped[UUID]
    user_id: Mapped[UUID]
    version: Mapped[int]
    outcome: Mapped[Outcome]
    score: Mapped[int | None]
    happened_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    connector: Mapped[str | None]
    external_id: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Telling(Base):
    """That a person was told of a partnership's programme, the first time."""

    __tablename__ = "enablement_tellings"
    __table_args__ = (_side(), _of_user("user_id"))

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class Programme(Base):
    """What a side's gates do in a partnership; without a row they are off."""

    __tablename__ = "enablement_programmes"
    __table_args__ = (_side(),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    registering: Mapped[GateMode]
    receiving: Mapped[GateMode]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    # A side has one programme in a partnership.
    id: Mapped[UUID] = synonym("partnership_id")

    @property
    def version_tag(self) -> str:
        """How often the gates were set."""
        return f"{self.partnership_id.hex}.{self.version}"

    def mode(self, what: Gated) -> GateMode:
        """Return how the gate is set for this."""
        return self.registering if what is Gated.REGISTERING else self.receiving


class GateException(Base):
    """A manager lets somebody pass the gates for a time, with the reason."""

    __tablename__ = "enablement_exceptions"
    __table_args__ = (_side(), _of_user("user_id"), _of_user("given_by"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    user_id: Mapped[UUID]
    reason: Mapped[str]
    given_by: Mapped[UUID]
    given_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Whether it lets nobody pass any more."""
        return self.ended_at is not None or self.ends_at <= clock.now()
