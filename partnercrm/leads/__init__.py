"""The lead exchange: own leads, offers across the wall, the steps they take and the reciprocity report."""
