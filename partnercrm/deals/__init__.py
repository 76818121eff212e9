"""Registered co-sell deals: who registers which deal, who reviews it, and whose claim the evidence names."""
