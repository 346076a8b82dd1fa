"""The database server that tests of every room may ask for; it starts with the first that does."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from revisit.store.postgres import open_postgres
from tests.store.postgres import Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Without fsync: no test here cuts the power, and a fresh database for each test is made in a moment.
    with running(fsync="off", max_connections="60") as started:
        yield started


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    url = server.new_database()
    with closing(open_postgres(url)):
        return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def database(server: Server, template: str) -> str:
    """Give the URL of a fresh database with its tables."""
    return server.new_database(template)
