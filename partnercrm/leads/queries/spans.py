"""Spans of months as conditions on moments."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

from partnercrm.leads.spans import Span


def in_span(window: Span, moment: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Tell of a row whether this moment of it is in the window."""
    begins, ends = window.begins_at, window.ends_before
    return and_(moment >= begins if begins else true(), moment < ends if ends else true())
