"""How the web server runs, wherever it is started in this folder; the command line comes first."""

import os
import shutil
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
loglevel = "warning"
# A request that takes longer is a fault; a worker that leaks is replaced before it shows.
timeout = 60
max_requests = 20_000
max_requests_jitter = 2_000
# Only what the proxy in front may say, and only from this machine.
forwarded_allow_ips = "127.0.0.1"


def on_starting(_server):
    """Begin with an empty folder of measures: those of processes long gone would add up."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(_server, worker):
    """Take a process that ended out of the measures that count living ones."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(worker.pid)
