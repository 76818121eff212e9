"""What incentives keep of a person, for handing it out: which part of their side's share of a deal is theirs."""

from typing import Final

from partnercrm.identity.subject_access import MINE, Section, of_user
from partnercrm.incentives.models import SplitParticipant

SECTIONS: Final = (
    Section(
        "deal_shares",
        SplitParticipant.__tablename__,
        ("deal_id", "version", "parts"),
        MINE,
        of_user(),
    ),
)
