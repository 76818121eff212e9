"""Telling people, by page, mail and digest; what they read and wish; what the links in their mails do."""
