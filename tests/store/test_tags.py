"""Tags are kept apart from answers for a while, and what they led to for good."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from revisit.records.tags import Tag, Verdicts
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Store

AT = datetime(2026, 9, 30, 23, 59, tzinfo=UTC)


def tag(name: str, at: datetime = AT) -> Tag:
    return Tag(name, "demo/lakeside", at, "web", f"device {name}", f"network {name}", f"v{name}")


def test_it_keeps_the_tags_of_a_month_under_one_secret(store: Store) -> None:
    assert (store.tag_months(), store.tags("2609")) == ([], [])
    secret = store.tag_secret("2609")
    assert len(secret) == 32
    assert store.tag_secret("2609") == secret
    assert store.tag_secret("2610") != secret
    assert store.tag_months() == ["2609", "2610"]
    late, early, next_month = tag("a"), tag("b", AT - timedelta(days=3)), tag("c", AT + timedelta(minutes=1))
    for one in (late, early, next_month, late):
        store.tag(one)
    assert store.tags("2609") == [early, late]
    assert store.tags("2610") == [next_month]


def test_a_settled_month_keeps_what_its_tags_led_to_and_nothing_of_them(store: Store, tmp_path: Path) -> None:
    for month in ("2609", "2610"):
        store.tag_secret(month)
    store.tag(tag("a"))
    store.tag(tag("c", AT + timedelta(minutes=1)))
    settled = Verdicts("2609", AT, {"a": ("same_device",)})
    store.settle_tags(settled)
    store.settle_tags(settled)
    assert store.verdicts() == [settled]
    assert store.tag_months() == ["2610"]
    assert store.tags("2609") == []
    assert len(store.tags("2610")) == 1
    assert not list(tmp_path.rglob("2609.*"))


def test_neither_tags_nor_secrets_are_handed_over(store: Store) -> None:
    store.tag(tag("a"))
    secret = store.tag_secret("2609")
    store.settle_tags(Verdicts("2608", AT, {"z": ("same_network",)}))
    rows = list(store.copy_out())
    assert rows == [("verdicts", {"id": "2608", "settled_at": AT.isoformat(), "marks": {"z": ["same_network"]}})]
    assert secret.hex() not in str(rows)


def test_a_line_that_a_crash_cut_off_is_no_tag(tmp_path: Path) -> None:
    store = open_store(Workspace(tmp_path))
    store.tag(tag("a"))
    store.upkeep(AT)
    (path,) = tmp_path.rglob("2609.jsonl")
    with path.open("ab") as file:
        file.write(b'{"id": "b", "un')
    assert store.tags("2609") == [tag("a")]
    assert path.stat().st_mode & 0o077 == 0
    store.close()


@pytest.mark.parametrize("moment", ["the next round", "the end of the process", "many more answers"])
def test_tags_come_to_the_disk_without_being_asked_for(tmp_path: Path, moment: str) -> None:
    with closing(open_store(Workspace(tmp_path))) as store:
        names = [f"a{number}" for number in range(100 if moment == "many more answers" else 1)]
        for name in names:
            store.tag(tag(name))
        if moment == "the next round":
            store.upkeep(AT)
        if moment == "the end of the process":
            store.close()
        with closing(open_store(Workspace(tmp_path))) as another:
            found = {one.id for one in another.tags("2609")}
        assert found
        assert found <= set(names)


def test_a_tag_shows_nothing_of_where_it_came_from() -> None:
    assert "network a" not in repr(tag("a"))
