"""The production web server's entry: `gunicorn --config config/gunicorn.py wsgi:app`."""

from importlib import import_module

from partnercrm.kernel.starting import without_collecting

with without_collecting():
    app = import_module("partnercrm.app").create_app()
