"""The columns in which a contact person is kept, wherever one is: at an account, in a lead, in its copy."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts import contacts
from partnercrm.accounts.contacts import Channel, ContactBasis, ContactSource, Information


class KeptContact:
    """Name and address of a contact person, and what allows to keep them; the role is each table's own."""

    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_basis: Mapped[ContactBasis | None]
    contact_channels: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    contact_source: Mapped[ContactSource | None]
    contact_source_note: Mapped[str | None]
    contact_information: Mapped[Information | None]
    contact_informed_on: Mapped[date | None]

    @property
    def channels(self) -> list[Channel]:
        """By what the contact may be approached."""
        return contacts.channels(self.contact_channels)
