"""The web servers that may stand in front of the collector, started for real: nginx and Caddy."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from collector.front import Front, caddy, nginx

MAIN = """daemon off;
pid {folder}/pid;
worker_processes 1;
error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/revisit.conf;
}}
"""
# Nobody may change a test's settings from outside.
GLOBAL = "{\n\tadmin off\n}\n"
# What each server words for itself.
ITS_OWN = frozenset({"content-length", "date", "server", "connection", "content-encoding"})


def _start_nginx(front: Front, folder: Path) -> subprocess.Popen[bytes]:
    folder.chmod(0o755)
    (folder / "revisit.conf").write_text(nginx(front), encoding="utf-8")
    (folder / "nginx.conf").write_text("user root;\n" * (folder.owner() == "root") + MAIN.format(folder=folder))
    command = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "main.log")]
    server = subprocess.Popen(command)
    while not (folder / "pid").exists() or not (folder / "pid").read_text().strip():
        assert server.poll() is None, (folder / "main.log").read_text()
        time.sleep(0.05)
    return server


def _start_caddy(front: Front, folder: Path) -> subprocess.Popen[bytes]:
    program = shutil.which("caddy")
    if program is None:
        (pytest.fail if "REVISIT_FULL_TESTS" in os.environ else pytest.skip)("Caddy is missing: apt-get install caddy")
    (folder / "Caddyfile").write_text(GLOBAL + caddy(front), encoding="utf-8")
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    while "serving initial configuration" not in (folder / "caddy.log").read_text("utf-8"):
        assert server.poll() is None, (folder / "caddy.log").read_text("utf-8")
        time.sleep(0.05)
    return server


@dataclass(frozen=True)
class Kind:
    """A server: how it starts, how it names itself, its own headers, and how it writes a request into its log."""

    name: str
    start: Callable[[Front, Path], "subprocess.Popen[bytes]"]
    logged_form: str
    logged_link: str
    its_own: frozenset[str] = field(default=ITS_OWN)


KINDS = (
    Kind("nginx", _start_nginx, '"POST /s/repair/', '"GET /v/"'),
    # The time of a page's file says no more than its ETag, which Caddy makes itself.
    Kind(
        "Caddy", _start_caddy, '"uri":"/s/repair/', '"uri":"/v/"', ITS_OWN | {"etag", "last-modified", "accept-ranges"}
    ),
)
