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


@pytest.fixture(params=["folder", pytest.param("postgres", marks=pytest.mark.full)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    url = request.getfixturevalue("database") if request.param == "postgres" else ""
    made = make_desk(tmp_path, store_url=url)
    yield made
    made.world.store.close()
