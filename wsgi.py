"""The production web server's entry: `gunicorn --config config/gunicorn.py wsgi:app`."""

import gc
from importlib import import_module

# Nothing of what is imported is ever garbage; looking for it takes a sixth of the start.
gc.disable()
app = import_module("partnercrm.app").create_app()
gc.freeze()
gc.enable()
