"""What the tests of the collector and the desk share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from collector import access
from revisit.texts import compile_catalogues, translations
from tests.collector.staff import Desk, make_desk
from tests.collector.world import World, make_world


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


@pytest.fixture(params=["folder", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    url = request.getfixturevalue("database") if request.param == "postgres" else ""
    made = make_world(tmp_path, store_url=url)
    yield made
    made.store.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    client = world.client()
    access.limiter.reset()
    return client
