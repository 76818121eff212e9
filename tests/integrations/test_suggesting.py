"""Suggesting which column is which field."""

from partnercrm.integrations.contents import LEADS
from partnercrm.integrations.suggesting import suggested


def test_columns_are_known_by_their_usual_names() -> None:
    header = ["opportunity_id", "Account", "Product", "close_value", "Währung", "E-Mail", "Größe", "sales_agent"]

    assert suggested(header, LEADS.aliases) == {
        "external_id": "opportunity_id",
        "company_name": "Account",
        "need": "Product",
        "value.amount": "close_value",
        "value.currency": "Währung",
        "contact_email": "E-Mail",
        "size_band": "Größe",
    }


def test_no_column_is_suggested_twice_and_the_likelier_name_wins() -> None:
    assert suggested(["id", "Opportunity ID", "Company"], LEADS.aliases) == {
        "external_id": "Opportunity ID",
        "company_name": "Company",
    }
    assert suggested(["x", "y"], LEADS.aliases) == {}


def test_the_columns_of_our_own_export_are_all_known() -> None:
    columns = ["external_id", "company_name", "need", "value.amount", "value.currency", "notes", "contact_basis"]
    assert suggested(columns, LEADS.aliases) == {name: name for name in columns}
