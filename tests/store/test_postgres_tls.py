"""The line to PostgreSQL: nothing crosses a network in the clear or to a stranger where the URL asks for more."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from revisit.store.postgres import open_postgres
from revisit.store.protocol import StoreBusy
from tests.ports import free_port
from tests.store.postgres import USER, account, running


def test_it_speaks_only_with_the_database_whose_certificate_it_knows(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path, "db")
    stranger = _certificate(tmp_path, "stranger")
    port = free_port()
    with running(listen_addresses="127.0.0.1", port=str(port), fsync="off") as server:
        plain = f"postgresql://{USER}@localhost:{port}/postgres"
        with pytest.raises(StoreBusy, match="server does not support SSL"):
            open_postgres(f"{plain}?sslmode=require")
        for name in ("server.crt", "server.key"):
            shutil.copy(certificate.with_suffix(Path(name).suffix), server.folder / "data" / name)
            if not os.geteuid():
                shutil.chown(server.folder / "data" / name, account())
        server.settings["ssl"] = "on"
        server.restart()
        with closing(open_postgres(f"{plain}?sslmode=verify-full&sslrootcert={certificate}")) as store:
            encrypted = store.read(
                lambda connection: connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
            )
        assert encrypted is True
        with pytest.raises(StoreBusy, match="certificate verify failed"):
            open_postgres(f"{plain}?sslmode=verify-full&sslrootcert={stranger}")
        other = plain.replace("localhost", "127.0.0.1")
        with pytest.raises(StoreBusy, match="does not match host name"):
            open_postgres(f"{other}?sslmode=verify-full&sslrootcert={certificate}")


def _certificate(folder: Path, name: str) -> Path:
    """Make a certificate for this machine, with its key beside it."""
    made = folder / f"{name}.crt"
    subject = ["-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        *subject,
    ]
    files = ["-keyout", str(made.with_suffix(".key")), "-out", str(made)]
    subprocess.run([*command, *files], check=True, capture_output=True)
    made.with_suffix(".key").chmod(0o600)
    return made
