"""Who did what: audit trail, timeline and outbox, one append."""
