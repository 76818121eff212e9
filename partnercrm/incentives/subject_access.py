"""What incentives keep of a person, for handing it out: by which plan they are paid, which part of a deal is theirs."""

from typing import Final

from partnercrm.identity.subject_access import MINE, Section, of_user
from partnercrm.incentives.models import SplitParticipant

SECTIONS: Final = (
    Section("compensation_plans", "compensation_assignments", ("plan_id", "starts_on"), MINE, of_user()),
    Section(
        "deal_shares",
        SplitParticipant.__tablename__,
        ("deal_id", "version", "parts"),
        MINE,
        of_user(),
    ),
)
