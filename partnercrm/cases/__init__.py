"""Anything two sides settle; the moderator's only window."""
