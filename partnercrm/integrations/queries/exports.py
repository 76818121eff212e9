"""Leads and offers page by page, for exports that may be long."""
