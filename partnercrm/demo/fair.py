"""What a seller of the demo brought home from two fairs: a list that was entered, and one read as the first was."""

import csv
import io
from datetime import datetime, timedelta
from typing import Final

from partnercrm.integrations.actions import at_once, uploading
from partnercrm.integrations.schemas import row_reader
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

CONNECTOR: Final = "fair"
# As the fair's own system writes its lists: semicolons, decimal commas, one byte a letter.
_WRITTEN: Final = {"encoding": "windows-1252", "decimal_mark": "comma", "date_form": "day_first"}
_HEADER: Final = ("Nummer", "Firma", "Land", "Bedarf", "Funktion", "Wert", "Abschluss")
_MAPPING: Final = "\n".join(
    (
        *("external_id=Nummer", "company_name=Firma", "country=Land", "need=Bedarf", "contact_role=Funktion"),
        *("value.amount=Wert", "value.currency:=EUR", "expected_close_on=Abschluss", "need~KitePro=Kite Pro"),
    )
)
_SPRING: Final = (
    ("F-101", "Jörvel Optik", "DE", "Kite Plus Basic", "Leiterin Einkauf", "12.400,00", "30.09.2026"),
    ("F-102", "Käster Energie", "AT", "KitePro", "Technischer Leiter", "5.150,50", "15.10.2026"),
    ("F-103", "Lindra Foods", "NL", "Harbor 900", "Head of operations", "63.000,00", ""),
    ("F-104", "Pellin Clinics", "CH", "Moor Advanced", "Leitung IT", "", "01.12.2026"),
)
_AUTUMN: Final = (
    ("F-101", "Jörvel Optik", "DE", "Kite Plus Pro", "Leiterin Einkauf", "18.900,00", "31.12.2026"),
    ("F-104", "Pellin Clinics", "CH", "Moor Advanced", "Leitung IT", "", "01.12.2026"),
    ("F-205", "Quarrow Freight", "SE", "KitePro", "Fleet manager", "10.300,00", "28.02.2027"),
    ("F-206", "Tarnby Retail", "Danmark", "Kite Basic", "Purchasing", "640,00", "31.01.2027"),
)


def bring_lists(seller: Actor, now: datetime) -> None:
    """Enter the spring fair's list, and send the autumn fair's, which waits for the seller with its preview."""
    with clock.at(now - timedelta(days=12)), db.transaction(seller):
        how = {"connector": CONNECTOR, "mapping": _MAPPING, "has_header": True, "dry_run": False, **_WRITTEN}
        at_once.import_at_once(seller, _file(_SPRING), "spring-fair.csv", how, row_reader)
    with clock.at(now - timedelta(hours=3)), db.transaction(seller):
        uploading.send_file(seller, _file(_AUTUMN), "autumn-fair.csv", {"connector": CONNECTOR})


def _file(rows: tuple[tuple[str, ...], ...]) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows((_HEADER, *rows))
    return io.BytesIO(text.getvalue().encode(_WRITTEN["encoding"]))
