"""One store for every test, on each backend that there is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Store


@pytest.fixture(params=["folder"])
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(Workspace(tmp_path))) as opened:
        yield opened
