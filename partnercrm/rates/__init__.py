"""Exchange rates: one table for the whole installation, and what amounts come to in another currency."""
