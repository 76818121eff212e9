"""Results of a learning system as the rows of a file."""

from collections.abc import Mapping
from typing import Final

RESULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "external_id": (
        *("externalid", "resultid", "recordid", "attemptid", "completionid", "registrationid", "key", "id", "nummer"),
        *("nr", "no"),
    ),
    "email": (
        *("email", "useremail", "learneremail", "emailaddress", "emailadresse", "mail", "person", "learner", "user"),
        *("username", "mitarbeiter", "teilnehmer"),
    ),
    "item": ("item", "itemid", "course", "coursetitle", "coursename", "activity", "training", "title", "kurs", "titel"),
    "outcome": (
        *("passed", "outcome", "status", "result", "completionstatus", "success", "completed", "bestanden"),
        *("ergebnis", "abgeschlossen"),
    ),
    "score": ("score", "scorepercent", "percent", "grade", "points", "punkte", "prozent", "note"),
    "happened_at": (
        *("happenedat", "when", "completedat", "completedon", "completiondate", "datecompleted", "finishedat", "date"),
        *("datum", "am", "abgeschlossenam"),
    ),
    "valid_until": ("validuntil", "expires", "expireson", "expiresat", "expirydate", "expirationdate", "gultigbis"),
}
NEEDED: Final = ("external_id", "email", "item", "outcome", "happened_at")
