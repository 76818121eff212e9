"""The cells of what is asked when the causes of a difference are looked for."""

from typing import Final

from tests.matrix import rules
from tests.matrix.rules import Cells

CELLS: Final = {"read_fact_sheet": (Cells(on="partnership", sees=rules.joins),)}
PAGE_CELLS: Final = {
    "leads_pages.fact_sheet": CELLS["read_fact_sheet"],
    "leads_pages.leads_behind": CELLS["read_fact_sheet"],
    "leads_pages.my_leads": (Cells(),),
}
