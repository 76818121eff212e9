"""Changing what is imported: a file sent, read as somebody says, checked, applied, undone, forgotten."""
