"""What is done with cases."""

from partnercrm.cases.actions.arising import begin_analysis, end_analysis
from partnercrm.cases.actions.settling import open_case

__all__ = ["begin_analysis", "end_analysis", "open_case"]
