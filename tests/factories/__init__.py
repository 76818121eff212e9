"""Making what tests are about, one file per slice."""
