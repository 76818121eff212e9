"""Business hours, holidays, time zones, deputies."""
