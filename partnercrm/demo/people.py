"""Who is in the demo: two partner companies, a stranger and a moderator, with people in every role."""

from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "only for the demo"  # noqa: S105 - printed at every start, and the demo answers on loopback only
NAMES: Final = {"acme": "Acme", "globex": "Globex", "initech": "Initech", "tyrell": "Tyrell Mediation"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in."""

    company: str
    name: str
    email: str
    roles: tuple[str, ...]
    team: str | None = None
    joins_as: str | None = None


DANA: Final = Person(
    "acme", "Dana Whitfield", "dana@acme.example", ("partner_manager", "seller"), "Alliances", "partner_manager"
)
HANK: Final = Person(
    "globex", "Hank Sorensen", "hank@globex.example", ("partner_manager",), "Partnerships", "partner_manager"
)
INES: Final = Person("initech", "Ines Duarte", "ines@initech.example", ("partner_manager", "admin"))
MONA: Final = Person("tyrell", "Mona Vance", "mona@tyrell.example", ("executive",))
PEOPLE: Final = (
    DANA,
    Person("acme", "Sam Okafor", "sam@acme.example", ("seller",), "North", "seller"),
    Person("acme", "Theo Brandt", "theo@acme.example", ("seller",), "South", "seller"),
    Person("acme", "Asha Raman", "asha@acme.example", ("seller",), "East", "seller"),
    Person("acme", "Emil Weigel", "emil@acme.example", ("seller",), "East", "seller"),
    Person("acme", "Clara Aubert", "clara@acme.example", ("seller",), "East", "seller"),
    Person("acme", "Mateo Silva", "mateo@acme.example", ("seller",), "East", "seller"),
    Person("acme", "Nora Lindqvist", "nora@acme.example", ("seller",), "South"),
    Person("acme", "Evan Castell", "evan@acme.example", ("executive",), None, "executive"),
    Person("acme", "Ada Moreau", "ada@acme.example", ("admin",)),
    Person("acme", "Acme CRM", "crm@acme.example", ("integration",)),
    HANK,
    Person("globex", "Gina Petrov", "gina@globex.example", ("seller",), "Field sales", "seller"),
    Person("globex", "Omar Haddad", "omar@globex.example", ("seller",), "Field sales", "seller"),
    Person("globex", "Lena Ferrand", "lena@globex.example", ("executive",), None, "executive"),
    Person("globex", "Greta Olin", "greta@globex.example", ("admin",)),
    Person("globex", "Globex CRM", "crm@globex.example", ("integration",)),
    INES,
    Person("initech", "Paul Reyes", "paul@initech.example", ("seller",)),
    MONA,
)
