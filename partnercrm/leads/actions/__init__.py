"""Changing the lead exchange: own leads, offering, answering, expiring."""
