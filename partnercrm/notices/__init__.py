"""Who is told what, and how: on the page, by mail, in a digest; by each person's own wishes."""
