"""The production web server's entry: `gunicorn --config config/gunicorn.py wsgi:app`."""

from partnercrm.app import create_app

app = create_app()
