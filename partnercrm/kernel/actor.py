"""Who acts: an organization, a person or their token, what they may do and which partnerships they belong to."""

from dataclasses import dataclass, field
from uuid import UUID

Asked = str | tuple[str, ...] | None
"""The scope a door asks for; of several any one opens it, and what lies behind asks for its own. None: nobody's."""


def any_of(asked: Asked) -> tuple[str, ...]:
    """Return the scopes any one of which opens a door; none where it asks for none."""
    return (asked,) if isinstance(asked, str) else asked or ()


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a request or a job runs; carries everything permission is decided from."""

    organization_id: UUID
    user_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    partnership_ids: frozenset[UUID] = frozenset()
    token_id: UUID | None = None
    session_id: UUID | None = None
    locale: str = field(default="en", compare=False)

    @property
    def principal(self) -> UUID:
        """Whose retries belong together: the token, else the person, else the organization itself."""
        return self.token_id or self.user_id or self.organization_id

    def has(self, *scopes: str) -> bool:
        """Tell whether the actor holds a scope such as `leads:write`; of several, any."""
        return not self.scopes.isdisjoint(scopes)

    @classmethod
    def system(cls, organization_id: UUID) -> "Actor":
        """Return the organization's own hand, for jobs: no person, no scopes."""
        return cls(organization_id=organization_id, name="partnercrm")
