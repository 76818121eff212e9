"""Sharing deals with a partner, and dividing one's own share."""
