"""Shapes of imports and exports on the wire."""

from partnercrm.integrations.schemas.exports import (
    ACCOUNTS,
    KINDS,
    LEADS,
    OFFERS,
    OVERLAPS,
    RECORD,
    ExportQuery,
    OfferExportQuery,
    RecordExportQuery,
)
from partnercrm.integrations.schemas.imports import (
    ChooseReading,
    FileImportView,
    ImportForm,
    ImportsQuery,
    ImportView,
    PreviewView,
    SendFile,
    StartImport,
    WrongRowsQuery,
    WrongRowView,
)
from partnercrm.integrations.schemas.readers import row_reader
from partnercrm.integrations.schemas.results import ImportedResultsView, ImportResults

__all__ = [
    "ACCOUNTS",
    "KINDS",
    "LEADS",
    "OFFERS",
    "OVERLAPS",
    "RECORD",
    "ChooseReading",
    "ExportQuery",
    "FileImportView",
    "ImportForm",
    "ImportResults",
    "ImportView",
    "ImportedResultsView",
    "ImportsQuery",
    "OfferExportQuery",
    "PreviewView",
    "RecordExportQuery",
    "SendFile",
    "StartImport",
    "WrongRowView",
    "WrongRowsQuery",
    "row_reader",
]
