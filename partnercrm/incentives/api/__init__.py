"""Incentives over the API."""
