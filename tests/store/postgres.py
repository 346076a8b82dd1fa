"""A PostgreSQL server of the tests' own: in a temporary folder, behind a socket file, run by an ordinary user.

It is a child of this process and ends with it, however that ends; what a killed one left is removed by the next.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

PORT = 5499  # names the socket file; a server listens on the network only where its settings say so
USER = "revisit"
PREFIX = "revisit-pg-"
LONGEST_START = 120.0  # seconds
# What asks the server to end, and how.
MODES = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def programs() -> Path:
    """Give the folder of the server's programs: Debian's, newest version first, else where initdb is found."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    assert found is not None, "PostgreSQL is missing. Run: script/bootstrap --tests"
    return Path(found).resolve().parent


@dataclass
class Server:
    """The server: it can be stopped, killed and started again; ``settings`` hold from the next start on."""

    folder: Path
    settings: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        settings = {"listen_addresses": "", "port": str(PORT), **self.settings}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        where = ["-D", str(self.folder / "data"), "-k", str(self.folder)]
        # The kernel ends it at once when this process ends, also when this one is killed.
        command = [*_as_ordinary("--pdeathsig=QUIT"), str(programs() / "postgres"), *where, *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._wait_until_ready()

    def stop(self, mode: str = "fast") -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(MODES[mode])
        self.process.wait(120)

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop every process of the server while the block runs, or until ``thaw``: it hangs, and nobody is told."""
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            self.thaw()

    def thaw(self) -> None:
        for pid in self._processes():
            os.kill(pid, signal.SIGCONT)

    def _processes(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [pid, *(int(child) for child in children.split())]

    def make(self) -> None:
        command = [str(programs() / "initdb"), "-D", str(self.folder / "data"), "-A", "trust", "-U", USER, "-E", "UTF8"]
        made = subprocess.run(
            [*_as_ordinary(), *command, "--locale=C.UTF-8"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={self.settings.get('port', PORT)}"

    def log(self) -> str:
        """Give what the server logged."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Ask the server as its administrator."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def new_database(self, template: str = "template0") -> str:
        """Make a database like another one (empty); gives its URL."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + LONGEST_START
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert self.process.poll() is None, self.log()[-2000:]
                assert time.monotonic() < deadline, self.log()[-2000:]
                time.sleep(0.02)
            else:
                return


def account() -> str:
    """Give the account that the server runs under: PostgreSQL refuses root."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as_ordinary(*options: str) -> list[str]:
    other = [] if os.geteuid() else [f"--reuid={account()}", "--regid=nogroup", "--clear-groups"]
    return ["setpriv", *other, *options] if other or options else []


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Run a server while the block runs."""
    _remove_left()
    # Not under pytest's own folder: an ordinary user may not go through it, and a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    if not os.geteuid():
        shutil.chown(folder, account())
    server = Server(folder, settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        if server.process is not None:
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left() -> None:
    """Remove the folders of processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        made_by = re.match(rf"{PREFIX}(\d+)-", folder.name)
        if made_by is not None and not Path("/proc", made_by[1]).exists():
            shutil.rmtree(folder, ignore_errors=True)
