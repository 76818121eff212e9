"""Public holidays by country and region."""

from datetime import date

from partnercrm.calendars.public_holidays import PublicHolidays, regions


def test_a_region_has_its_own_days_off() -> None:
    epiphany, unity_day = date(2026, 1, 6), date(2026, 10, 3)

    assert epiphany in PublicHolidays("DE-BY")
    assert epiphany not in PublicHolidays("DE")
    assert unity_day in PublicHolidays("DE")
    assert unity_day not in PublicHolidays("US")
    assert "2026-10-03" not in PublicHolidays("DE")


def test_regions_are_countries_and_their_parts() -> None:
    assert {"DE", "DE-BY", "US", "US-CA", "FR"} <= regions()
    assert "XX" not in regions()
