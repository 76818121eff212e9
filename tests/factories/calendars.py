"""Business hours and deputies for tests."""

from tests.cast import Player


def things(manager: Player, deputy: str) -> dict[str, list[str]]:
    """Return what business hours and absences are written with, and absences that may end."""
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    absences = [
        {"deputy_id": deputy, "from_on": f"{year}-03-01", "to_on": f"{year}-03-02"} for year in range(2090, 2094)
    ]
    night_shift = manager.call("POST", "/teams", json={"name": "Night shift"}, expect=201)["id"]
    nights = {"zone": "UTC", "week": {"monday": "00:00-06:00"}}
    return {
        "calendar_id": [manager.call("PUT", f"/calendars/teams/{night_shift}", json=nights, expect=200)["id"]],
        **{day: ["09:00-17:00", "09:00-12:00, 13:00-17:00"] for day in week},
        "zone": ["Europe/Berlin", "America/New_York"],
        "holidays": ["DE-BY", "US"],
        "from_on": [f"2040-05-{day:02}" for day in range(1, 21)],
        "to_on": [f"2040-06-{day:02}" for day in range(1, 21)],
        "deputy_id": [deputy],
        "end_deputy.deputy_id": [
            manager.call("POST", "/deputies", json=absence, expect=201)["id"] for absence in absences
        ],
    }
