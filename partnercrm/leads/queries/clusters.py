"""In which clusters leads came: per month, giver and measure how many companies brought how many, and no company."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from partnercrm.kernel import db
from partnercrm.leads.clusters import Cluster, Clusters
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import Partnership

Periods = Mapping[str, Mapping[Measure, Clusters]]
"""Clusters by month `YYYY-MM` (UTC) and measure."""

_told = func.step_lead_clusters(bindparam("partnership"), bindparam("as_of")).table_valued(
    "month", "giver_id", "step", "size", "clusters"
)
_CLUSTERS: Final = select(_told)


def clusters_by_month(partnership: Partnership, as_of: datetime) -> Periods:
    """Return the clusters of leads as they were known at `as_of`, the same for both sides and nothing for others.

    A cluster is what one side gave of one company in one month; which company it is, neither side reads.
    """
    first = partnership.sides_by_id[0].organization_id
    periods: dict[str, dict[Measure, dict[Cluster, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in db.session().execute(_CLUSTERS, {"partnership": partnership.id, "as_of": as_of}):
        cluster = Cluster(0 if row.giver_id == first else 1, row.size)
        periods[row.month][Measure(row.step)][cluster] = row.clusters
    return periods
