"""The shapes of one row of a file: a lead or an account whose cells are all text."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields

from partnercrm.accounts import domains
from partnercrm.accounts.schemas.contacts import Channels
from partnercrm.accounts.schemas.keeping import AccountFacts
from partnercrm.kernel.errors import Told
from partnercrm.leads.schemas import PutLead
from partnercrm.web.shapes import Text

BETWEEN: Final = re.compile(r"[\s,;|]+")


class _ChannelsCell(Channels):
    """Channels in one cell of a file, between them commas, semicolons, bars or spaces."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        cut = BETWEEN.split(value.strip()) if isinstance(value, str) else value
        return super()._deserialize(cut, attr, data, **kwargs)


class ImportedLead(PutLead):
    """One row of the file."""

    contact_channels = _ChannelsCell()
    external_id = Text(most=200, example="1C1I7A6R", required=True)
    owner_email = Text(most=254, example="dana@globex.example")


class _DomainsCell(fields.List[str]):
    """Domains in one cell of a file, between them commas, semicolons, bars or spaces; each as it is registered."""

    def __init__(self) -> None:
        super().__init__(fields.String())

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if len(value) > ImportedAccount.longest:
            raise ValidationError("These are more domains than one company is kept with.")
        found = {one: domains.registrable(one) for one in BETWEEN.split(value) if one}
        if wrong := [one for one, domain in found.items() if domain is None]:
            raise ValidationError(Told("%(domain)r is no domain that somebody registered.", domain=wrong[0][:60]))
        return sorted({domain for domain in found.values() if domain})


class ImportedAccount(AccountFacts):
    """One row of a file of accounts; numbers are read beside it."""

    longest: ClassVar[int] = 2000

    class Meta(AccountFacts.Meta):
        """Without what a file says in other words."""

        exclude = ("numbers", "owner_id")

    name = Text(most=200, example="Northwind Traders GmbH", required=True)
    web_domains = _DomainsCell()
    mail_domains = _DomainsCell()
    external_id = Text(most=200, example="0014x00001", required=True)
    parent_external_id = Text(most=200, example="0014x00000")
    owner_email = Text(most=254, example="dana@globex.example")
