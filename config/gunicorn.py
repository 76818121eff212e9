"""How gunicorn serves partnercrm: `gunicorn -c config/gunicorn.py`, all numbers from the settings."""

from pathlib import Path

from partnercrm.settings import ROOT, settings

wsgi_app = "wsgi:app"
chdir = str(ROOT)
proc_name = "partnercrm"
host = f"[{settings().host}]" if ":" in settings().host else settings().host
bind = f"{host}:{settings().port}"

worker_class = "gthread"
workers = settings().web_processes
threads = settings().web_threads
timeout = 60
graceful_timeout = 30
keepalive = 5
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# The application logs requests, and it alone decides which proxy to believe.
accesslog = None
loglevel = "warning"
forwarded_allow_ips = ""

umask = 0o077
control_socket_disable = True
