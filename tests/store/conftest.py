"""One store for every test, on each backend that there is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Store


@pytest.fixture(params=["folder", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = request.getfixturevalue("database") if request.param == "postgres" else ""
    with closing(open_store(Workspace(tmp_path), url)) as opened:
        yield opened
