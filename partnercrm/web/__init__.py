"""How the house is spoken to over HTTP: endpoints, pages, errors, paging, idempotency, OpenAPI."""
