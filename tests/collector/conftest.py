"""What the desk's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from revisit.texts import compile_catalogues, translations
from tests.collector.staff import Desk, make_desk


@pytest.fixture(scope="session", autouse=True)
def words() -> None:
    """Compile the catalogues, so that a page in Chinese is one."""
    compile_catalogues()
    translations.cache_clear()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.world.store.close()
