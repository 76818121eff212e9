"""Who earns what: how a deal is split and what a plan pays for it."""
