"""Shapes of imports and exports on the wire."""

from partnercrm.integrations.schemas.exports import (
    KINDS,
    LEADS,
    OFFERS,
    RECORD,
    ExportQuery,
    OfferExportQuery,
    RecordExportQuery,
)
from partnercrm.integrations.schemas.imports import (
    ChooseReading,
    ImportForm,
    ImportsQuery,
    ImportView,
    LeadImportView,
    PreviewView,
    SendFile,
    StartImport,
    WrongRowsQuery,
    WrongRowView,
)
from partnercrm.integrations.schemas.rows import RowReader

__all__ = [
    "KINDS",
    "LEADS",
    "OFFERS",
    "RECORD",
    "ChooseReading",
    "ExportQuery",
    "ImportForm",
    "ImportView",
    "ImportsQuery",
    "LeadImportView",
    "OfferExportQuery",
    "PreviewView",
    "RecordExportQuery",
    "RowReader",
    "SendFile",
    "StartImport",
    "WrongRowView",
    "WrongRowsQuery",
]
