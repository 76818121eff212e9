"""Joint accounts for generated requests and long lists."""

from datetime import timedelta
from typing import Final

from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import accounts, joint


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return joint accounts to try by operation."""
    theirs = [joint.proposed(cast.hank, cast.partnership_id)["id"] for _ in range(8)]
    ours = [joint.proposed(manager, cast.partnership_id)["id"] for _ in range(4)]
    beside = [joint.opened(manager, cast.hank, cast.partnership_id)["id"] for _ in range(6)]
    merged = [joint.opened(manager, cast.hank, cast.partnership_id)["id"] for _ in range(3)]
    planned = joint.opened(manager, cast.hank, cast.partnership_id)["id"]
    lines = [joint.planned(manager, planned)["id"] for _ in range(8)]
    people = manager.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    own = [one["id"] for one in people if one["organization_id"] == str(manager.actor.organization_id)]
    for one in merged:
        manager.call("POST", f"/joint-accounts/{beside[0]}/merge", json={"other_id": one}, expect=200)
    return {
        "merge_joint_account.joint_account_id": beside[1:2],
        "merge_joint_account.other_id": beside[2:],
        "part_joint_account.joint_account_id": beside[:1],
        "part_joint_account.other_id": merged,
        **{
            f"{name}.joint_account_id": [planned]
            for name in ("change_joint_account", "name_joint_team", "add_plan_item", "keep_own_side")
        },
        "name_joint_team.member_ids": own,
        "owner_member_id": own,
        "read_plan_item.item_id": lines[4:],
        "withhold_field.account_id": [accounts.account(manager)["id"] for _ in range(3)],
        **{
            f"{name}.partnership_id": [str(cast.partnership_id)]
            for name in ("withhold_field", "tell_field_again", "read_account_as_partner")
        },
        "remove_plan_item.item_id": lines[:4],
        "change_plan_item.item_id": lines[4:],
        "joint_account_id": [*theirs, *ours],
        "agree_joint_account.joint_account_id": theirs[:4],
        "decline_joint_account.joint_account_id": theirs[4:],
        "close_joint_account.joint_account_id": ours,
        "propose_joint_account.partnership_id": [str(cast.partnership_id)],
    }


def many(cast: Cast, count: int) -> tuple[Player, str]:
    """Propose so many; return who lists them where."""
    for _ in range(count):
        joint.proposed(cast.hank, cast.partnership_id)
    return cast.sam, "/joint-accounts"


def many_reports(cast: Cast, count: int) -> tuple[Player, str]:
    """Let so many months be reported, in each of which something flowed; return who lists them where."""
    path = f"/partnerships/{cast.partnership_id}/flow-reports"
    begun = len(cast.sam.call("GET", path, query_string={"limit": 200}, expect=200)["items"])
    for number in range(begun, begun + count):
        with clock.at(clock.now() + timedelta(days=31 * number)):
            joint.proposed(cast.hank, cast.partnership_id)
        joint.reported(cast, clock.now() + timedelta(days=31 * (number + 1)))
    return cast.sam, path


LISTS: Final = {"list_joint_accounts": many, "list_flow_reports": many_reports}
