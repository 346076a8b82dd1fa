"""The real server in a process of its own, and what a browser would say to it."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from revisit.settings import write_keys
from revisit.texts import compile_catalogues
from tests.collector.world import TOML, World, make_world
from tests.ports import free_port

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LONGEST_START = 90.0  # seconds: a machine that is busy with other things reads Python's modules slowly


@dataclass
class Server:
    """The real command; it can be killed and started again."""

    root: Path
    port: int
    store_url: str = ""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", "from revisit.cli import main; main()", "-C", str(self.root), "serve"]
        if self.store_url:
            command += ["--store", self.store_url]
        with (self.root / f"log-{self.port}").open("ab") as log:
            self.process = subprocess.Popen([*command, "--port", str(self.port)], stdout=log, stderr=log)
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not come up: " + self.said())

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def said(self) -> str:
        """Give what the server logged."""
        return (self.root / f"log-{self.port}").read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def memory(self) -> float:
        """Give the resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kibibytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kibibytes) / 1024

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Give status, headers and page."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, str], str]:
        return self.ask("POST", path, urlencode(fields), FORM)


@dataclass
class Shop:
    """A workspace with open links, the form's address and hidden fields, and its servers."""

    world: World
    codes: list[str]
    path: str
    fields: dict[str, str]
    servers: list[Server]

    def address(self, code: str) -> str:
        return f"{self.path}?t={code}"


def make_shop(root: Path, store_url: str = "", *, links: int = 20, servers: int = 1, language: str = "en") -> Shop:
    """Make a workspace whose links are open whenever a test runs."""
    compile_catalogues()
    ports = [free_port() for _ in range(servers)]
    world = make_world(root, TOML.replace("https://visit.example.com", f"http://127.0.0.1:{ports[0]}"), store_url)
    write_keys(world.root / "keys.toml", world.keys)
    world.now = world.now.replace(year=2046)
    codes = [code for _ in range(0, links, 2000) for code in world.invite_many(min(links, 2000), language)]
    path, fields = world.opened(world.client(), codes[0])
    world.store.close()
    return Shop(world, codes, path, fields, [Server(root, port, store_url) for port in ports])


@contextmanager
def serving(shop: Shop) -> Iterator[list[Server]]:
    """Run a shop's servers while the block runs; they end as asked, and are killed where it fails."""
    try:
        for server in shop.servers:
            server.start()
        yield shop.servers
        assert [server.stop() for server in shop.servers] == [0] * len(shop.servers)
    finally:
        for server in shop.servers:
            server.kill()
