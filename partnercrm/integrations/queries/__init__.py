"""Reading imports, and leads and offers page by page for an export."""
