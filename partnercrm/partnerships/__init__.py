"""Who is partner with whom: proposals, members per side, terms."""
