"""Accounts: the companies each side sells to, as it keeps them itself."""
