"""Who is told what, and how: on the page, by mail, in a digest."""
