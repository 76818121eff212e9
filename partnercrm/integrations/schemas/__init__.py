"""Shapes of imports and exports on the wire."""

from partnercrm.integrations.schemas.exports import KINDS, LEADS, OFFERS, ExportQuery, OfferExportQuery
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
    "ChooseReading",
    "ExportQuery",
    "ImportForm",
    "ImportView",
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
