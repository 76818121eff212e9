"""What partnercrm finds, in the shape in which its peers' results are measured."""

from benchmarks.matching.lists import Labelled
from benchmarks.matching.peers import Scored
from partnercrm.accounts.calibration import MILLION
from partnercrm.accounts.engine import DuckEngine


def partnercrm(lists: Labelled) -> Scored:
    """Score pairs by the engine as it is set for everybody."""
    found = DuckEngine().pairs(lists.left, lists.right, progress=lambda done: None, cancelled=lambda: False)
    return {(pair.left, pair.right): pair.millionths / MILLION for pair in found}
