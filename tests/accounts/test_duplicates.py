"""Whether two accounts are one company: plain rules, without a database."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.duplicates import Known, Reason, name_key, reasons
from partnercrm.accounts.merging import taken_over
from partnercrm.accounts.models import Account
from partnercrm.accounts.numbers import Number, Scheme
from partnercrm.accounts.relationships import Relationship

VAT, OTHER_VAT, LEI = (
    Number(Scheme.VAT, "DE", "136695976"),
    Number(Scheme.VAT, "DE", "811128135"),
    Number(Scheme.LEI, None, "5493001KJTIIGC8Y1R12"),
)


def company(name: str = "Northwind Traders GmbH", **told: object) -> Known:
    plain = {"domains": frozenset(), "numbers": frozenset(), "country": None, "city": None, "postal_code": None}
    return Known(UUID(int=1), name_key(name), **{**plain, **told})  # type: ignore[arg-type]


def sets(*values: object) -> frozenset[object]:
    return frozenset(values)


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        (company("A", numbers=sets(VAT)), company("B", numbers=sets(VAT)), (Reason.NUMBER,)),
        (
            company(numbers=sets(VAT, LEI), city="Hamburg"),
            company(numbers=sets(OTHER_VAT, LEI), city="hamburg "),
            (Reason.NUMBER, Reason.NAME),
        ),
        (company(numbers=sets(VAT)), company(numbers=sets(OTHER_VAT)), ()),
        (
            company(domains=sets("northwind.example")),
            company("Northwind", domains=sets("northwind.example")),
            (Reason.DOMAIN,),
        ),
        (company(domains=sets("northwind.example")), company("Wingtip", domains=sets("northwind.example")), ()),
        (company("Contoso", domains=sets("gmail.com")), company("Contoso Logistics", domains=sets("gmail.com")), ()),
        (company(city="Hamburg"), company("NORTHWIND TRADERS AG", city="HAMBURG"), (Reason.NAME,)),
        (company(city="Hamburg"), company(city="Lyon"), ()),
        (company(country="DE"), company(country="FR"), ()),
        (company(city="Hamburg"), company(), (Reason.NAME,)),
        (company("!!!"), company("???"), ()),
    ],
)
def test_what_makes_two_accounts_one_company(left: Known, right: Known, why: tuple[Reason, ...]) -> None:
    assert reasons(left, right) == why


places = st.sampled_from([None, "Hamburg", "Lyon"])
known = st.builds(
    Known,
    st.uuids(),
    st.sampled_from(["", "northwind", "northwind traders", "contoso"]),
    st.frozensets(st.sampled_from(["northwind.example", "gmail.com"])),
    st.frozensets(st.sampled_from([VAT, OTHER_VAT, LEI])),
    st.sampled_from([None, "DE", "FR"]),
    places,
    places,
)


@given(known, known)
def test_neither_of_two_accounts_is_the_first(left: Known, right: Known) -> None:
    assert reasons(left, right) == reasons(right, left)


def account(**told: object) -> Account:
    plain = dict.fromkeys(("street", "postal_code", "city", "region", "country", "industry", "size_band", "owner_id"))
    return Account(**{**plain, "relationship": Relationship.PROSPECT, **told})


def test_the_survivor_takes_what_it_lacks_and_no_second_address() -> None:
    survivor = account(city="Hamburg", industry="Logistics")
    merged = account(city="Lyon", street="Quai 1", country="FR", industry="Freight", size_band="1-9")

    assert taken_over(survivor, merged) == {"size_band": "1-9"}


def test_the_survivor_without_an_address_takes_the_whole() -> None:
    taken = taken_over(account(), account(city="Lyon", street="Quai 1", country="FR"))

    assert taken == {"city": "Lyon", "street": "Quai 1", "country": "FR"}


@pytest.mark.parametrize("closer", [Relationship.CUSTOMER, Relationship.OPEN_OPPORTUNITY])
def test_a_customer_stays_one_whichever_record_says_so(closer: Relationship) -> None:
    assert taken_over(account(), account(relationship=closer)) == {"relationship": closer}
    assert taken_over(account(relationship=closer), account()) == {}
