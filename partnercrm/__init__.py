"""partnercrm: the two-sided system of record for co-selling."""
