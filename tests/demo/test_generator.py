"""The invented export: the same for the same seed, and as messy as real ones."""

import csv
from datetime import date, timedelta

from partnercrm.demo.generator import DAYS, MISSPELT, PRODUCTS, Opportunity, accounts, export, written

UNTIL = date(2026, 6, 30)
ROWS = export(3000, 1, UNTIL)


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    assert written(export(200, 1, UNTIL)) == written(export(200, 1, UNTIL)) != written(export(200, 2, UNTIL))


def test_every_key_is_its_own() -> None:
    assert len({row.opportunity_id for row in ROWS}) == len(ROWS)


def test_one_product_is_always_misspelt_and_no_other_is_unknown() -> None:
    products = {row.product for row in ROWS}

    assert products - set(PRODUCTS) == set(MISSPELT.values())
    assert not products & set(MISSPELT)


def test_only_open_opportunities_lack_an_account_and_many_do() -> None:
    unnamed = [row for row in ROWS if not row.account]

    assert {row.deal_stage for row in unnamed} == {"Prospecting", "Engaging"}
    assert 0.1 < len(unnamed) / len(ROWS) < 0.25


def test_each_stage_has_the_cells_it_has_in_a_real_export() -> None:
    def filled(row: Opportunity) -> tuple[bool, bool, bool]:
        return row.engage_date is not None, row.close_date is not None, row.close_value is not None

    shapes = {(row.deal_stage, filled(row)) for row in ROWS}

    assert shapes == {
        ("Prospecting", (False, False, False)),
        ("Engaging", (True, False, False)),
        ("Won", (True, True, True)),
        ("Lost", (True, True, True)),
    }
    assert all(row.close_value == 0 for row in ROWS if row.deal_stage == "Lost")


def test_dates_are_in_order_and_inside_the_fourteen_months() -> None:
    for row in ROWS:
        if row.engage_date and row.close_date:
            assert UNTIL - timedelta(days=DAYS) <= row.engage_date <= row.close_date <= UNTIL


def test_the_file_reads_back_as_it_was_made() -> None:
    read = list(csv.DictReader(written(ROWS[:50]).splitlines()))

    assert [row["opportunity_id"] for row in read] == [row.opportunity_id for row in ROWS[:50]]


def test_accounts_have_names_of_their_own_and_reserved_domains() -> None:
    companies = accounts(1)

    assert len({company.name for company in companies}) == len(companies)
    assert all(company.domain.endswith(".example") for company in companies)
