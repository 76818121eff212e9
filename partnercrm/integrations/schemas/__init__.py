"""Shapes of imports and exports on the wire."""

from partnercrm.integrations.schemas.exports import ExportQuery, OfferExportQuery
from partnercrm.integrations.schemas.imports import (
    ChooseReading,
    ImportsQuery,
    LeadImportView,
    PreviewView,
    SendFile,
    StartImport,
    WrongRowsQuery,
    WrongRowView,
)
from partnercrm.integrations.schemas.rows import RowReader

__all__ = [
    "ChooseReading",
    "ExportQuery",
    "ImportsQuery",
    "LeadImportView",
    "OfferExportQuery",
    "PreviewView",
    "RowReader",
    "SendFile",
    "StartImport",
    "WrongRowView",
    "WrongRowsQuery",
]
