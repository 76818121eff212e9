"""Public holidays by country and region (ISO 3166), as the library `holidays` knows them: pure."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache


@dataclass(frozen=True, slots=True)
class PublicHolidays(Container[date]):
    """The days off of a region such as `DE` or `DE-BY`; its years are looked up as they are asked for."""

    region: str

    def __contains__(self, day: object) -> bool:
        """Tell whether the day is a public holiday there."""
        return isinstance(day, date) and day in _of_year(self.region, day.year)


@cache
def regions() -> frozenset[str]:
    """Return every region whose holidays are known: countries, and `country-subdivision`."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    return frozenset(known) | {f"{country}-{part}" for country, parts in known.items() for part in parts}


@lru_cache(maxsize=1024)
def _of_year(region: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
