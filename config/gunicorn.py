"""How gunicorn serves partnercrm: `gunicorn -c config/gunicorn.py`, all numbers from the settings."""

import os
import tempfile
from pathlib import Path
from typing import Any

from partnercrm.settings import ROOT, settings

# prometheus_client reads this when it is first imported, in the web processes.
if settings().web_processes > 1:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="partnercrm-metrics-"))

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


def child_exit(server: Any, worker: Any) -> None:
    """Take a dead process out of the figures of the living."""
    if settings().web_processes > 1:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
