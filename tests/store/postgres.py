"""A PostgreSQL server of the tests' own: in a temporary folder, behind a socket file, run by an ordinary user."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

PORT = 5499  # names the socket file; nothing listens on the network
USER = "revisit"


def programs() -> Path:
    """Give the folder of the server's programs: Debian's, newest version first, else where initdb is found."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)):
        return folder
    found = shutil.which("initdb")
    assert found is not None, "PostgreSQL is missing. Run: script/bootstrap --tests"
    return Path(found).resolve().parent


@dataclass
class Server:
    """The server: it can be stopped, killed and started again; ``settings`` hold from the next start on."""

    folder: Path
    settings: dict[str, str]

    def start(self) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        where = f"-k {self.folder} -p {PORT} -c listen_addresses=''"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", f"{where} {options}", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def make(self) -> None:
        self._run("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8")

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={PORT}"

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

    def _run(self, program: str, *words: str) -> None:
        command = [*_ordinary(), str(programs() / program), "-D", str(self.folder / "data"), *words]
        # The server inherits its output: a pipe would never end.
        with (self.folder / "ctl.log").open("ab") as log:
            done = subprocess.run(command, stdout=log, stderr=log, check=False, timeout=120, cwd=self.folder)
        assert done.returncode == 0, (self.folder / "ctl.log").read_text() + _tail(self.folder / "log")


def _tail(path: Path) -> str:
    return path.read_text()[-2000:] if path.exists() else ""


def _account() -> str:
    """Give the account that the server runs under: PostgreSQL refuses root."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _ordinary() -> list[str]:
    return [] if os.geteuid() else ["setpriv", f"--reuid={_account()}", "--regid=nogroup", "--clear-groups"]


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Run a server while the block runs."""
    # Not under pytest's own folder: an ordinary user may not go through it, and a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="revisit-pg-"))
    if not os.geteuid():
        shutil.chown(folder, _account())
    server = Server(folder, settings)
    try:
        server.make()
        server.start()
        yield server
        server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
