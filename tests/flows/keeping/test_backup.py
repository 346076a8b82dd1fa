"""A backup holds everything as of one moment, comes back whole, and is refused where it is not whole."""

import tarfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import orjson
import pytest

from revisit.flows.keeping.backup import make_backup, restore_backup
from revisit.flows.keeping.move_store import take_census
from revisit.records.problems import CallError
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Store, StoreDamaged
from tests.store.cast import NOW, batch, entry, invite_all
from tests.store.everything import answering, fill

CROWD = 8
AT_ONCE = 60  # answers beside each backup


def workspace(root: Path) -> Workspace:
    for name in ("surveys", "data/versions/repair"):
        (root / name).mkdir(parents=True)
    (root / "revisit.toml").write_text('public_url = "https://visit.example.com"\n')
    (root / "keys.toml").write_text("# the keys\n")
    (root / "units.toml").write_text('[[units]]\nid = "pier"\nname = "Pier"\n')
    (root / "surveys" / "repair.md").write_text("---\ntitle: 维修\n---\n", encoding="utf-8")
    (root / "data/versions/repair" / "0a.json").write_text("{}")
    return Workspace(root)


@pytest.fixture(params=["folder", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("database")) if request.param == "postgres" else ""


@pytest.fixture
def store(tmp_path: Path, url: str) -> Iterator[Store]:
    with closing(open_store(workspace(tmp_path / "shop"), url)) as opened:
        yield opened


def test_it_comes_back_whole(tmp_path: Path, store: Store) -> None:
    fill(store)
    file = tmp_path / "copy.tar.gz"
    made = make_backup(store, Workspace(tmp_path / "shop"), file, NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    back = Workspace(tmp_path / "back")
    restored = restore_backup(file, back, open_store)
    assert (restored.made_at, restored.with_keys, restored.tallies) == (NOW, False, made.tallies)
    with closing(open_store(back)) as opened:
        assert take_census(opened).tallies() == take_census(store).tallies() == made.tallies
        assert ["1 answers wait" in fault for fault in opened.healthy()] == [True]
    for name in ("revisit.toml", "units.toml", "surveys/repair.md", "data/versions/repair/0a.json"):
        assert (back.root / name).read_bytes() == (tmp_path / "shop" / name).read_bytes()
    assert not (back.root / "keys.toml").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "copy.tar.gz", "shop"]


def test_it_holds_the_keys_only_when_asked(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "copy.tar.gz"
    make_backup(store, Workspace(tmp_path / "shop"), file, NOW, with_keys=True)
    restore_backup(file, Workspace(tmp_path / "back"), open_store)
    keys = tmp_path / "back" / "keys.toml"
    assert keys.read_text() == "# the keys\n"
    assert keys.stat().st_mode & 0o777 == 0o600


def test_letters_that_lie_in_the_outbox_come_back_for_their_owner_alone(tmp_path: Path, store: Store) -> None:
    letter = tmp_path / "shop" / "data" / "outbox" / "reports" / "2611-letter.eml"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"To: two@example.com\n")
    file = tmp_path / "copy.tar.gz"
    make_backup(store, Workspace(tmp_path / "shop"), file, NOW)
    restore_backup(file, Workspace(tmp_path / "back"), open_store)
    back = tmp_path / "back" / "data" / "outbox" / "reports" / "2611-letter.eml"
    assert back.read_bytes() == b"To: two@example.com\n"
    assert back.stat().st_mode & 0o777 == 0o600
    assert back.parent.stat().st_mode & 0o777 == back.parent.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("backups", [3, pytest.param(100, marks=pytest.mark.full)])
def test_each_backup_under_load_holds_what_was_acknowledged(tmp_path: Path, store: Store, backups: int) -> None:
    ones = [entry(f"RO-{number}") for number in range(AT_ONCE * backups + CROWD)]
    store.add_orders(batch(), ones)
    links = invite_all(store, [one.visit for one in ones])
    asked = threading.Semaphore(0)
    with answering(store, (link for link in links if asked.acquire()), CROWD) as load, ExitStack() as stack:
        stack.callback(asked.release, CROWD)  # nobody waits any more
        stack.callback(load.stop.set)
        for number in range(backups):
            before = {response.id for response in list(load.acknowledged)}
            asked.release(AT_ONCE)  # while the backup is made, however long that takes
            file = tmp_path / f"{number}.tar.gz"
            make_backup(store, Workspace(tmp_path / "shop"), file, NOW)
            back = Workspace(tmp_path / f"back{number}")
            restore_backup(file, back, open_store)
            with closing(open_store(back)) as opened:
                answered = {response.id for response in opened.responses("repair")}
                assert before <= answered
                assert len(opened.answered_visits()) == len(answered)
                assert answered <= {link.id for link in opened.invitations()}
                assert len(list(opened.orders())) == len(ones)
    print(f"{backups} backups: each restored; {len(load.acknowledged):,} answers went in beside them, none is missing")  # noqa: T201  the figure


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda _: b"",
        *(lambda whole, at=at: whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :] for at in (150, 200, 400, 800)),
        lambda whole: whole[:-6] + bytes([whole[-6] ^ 4]) + whole[-5:],
        lambda _: b"not an archive",
    ],
)
def test_it_refuses_a_backup_that_is_not_whole(tmp_path: Path, harm: object) -> None:
    with closing(open_store(workspace(tmp_path / "shop"))) as store:
        fill(store)
        file = tmp_path / "copy.tar.gz"
        make_backup(store, Workspace(tmp_path / "shop"), file, NOW)
    file.write_bytes(harm(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(CallError, match="cannot be read whole"):
        restore_backup(file, Workspace(tmp_path / "back"), open_store)
    assert not (tmp_path / "back" / "revisit.toml").exists()


def _with_about(file: Path, **changes: object) -> None:
    """Write a backup again with another account of itself."""
    with tarfile.open(file) as old:
        parts = {info.name: old.extractfile(info).read() for info in old.getmembers()}  # type: ignore[union-attr]
    parts["backup.json"] = orjson.dumps({**orjson.loads(parts["backup.json"]), **changes})
    folder = file.parent / "parts"
    with tarfile.open(file, "w:gz") as new:
        for name, content in parts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
            new.add(folder / name, name)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"format": 9}, "newer version"), ({"tallies": {"orders": {"count": 7, "fingerprint": "0"}}}, "hold the same")],
)
def test_it_refuses_what_it_does_not_know_and_notices_what_is_missing(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with closing(open_store(workspace(tmp_path / "shop"))) as store:
        file = tmp_path / "copy.tar.gz"
        make_backup(store, Workspace(tmp_path / "shop"), file, NOW)
    _with_about(file, **changes)
    with pytest.raises(Exception, match=words):
        restore_backup(file, Workspace(tmp_path / "back"), open_store)


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    shop = workspace(tmp_path / "shop")
    with closing(open_store(shop)) as store:
        fill(store)
        file = tmp_path / "copy.tar.gz"
        make_backup(store, shop, file, NOW)
        with pytest.raises(CallError, match="already"):
            make_backup(store, shop, file, NOW)
    with pytest.raises(CallError, match="is a workspace already"):
        restore_backup(file, shop, open_store)
    with pytest.raises(CallError, match="no file"):
        restore_backup(tmp_path / "none", Workspace(tmp_path / "back"), open_store)


def test_it_is_not_made_of_a_damaged_store(tmp_path: Path) -> None:
    shop = workspace(tmp_path / "shop")
    with closing(open_store(shop)) as store:
        fill(store)
        (path,) = (shop.data / "answers").glob("*.json")
        path.write_bytes(path.read_bytes()[:-10])
        with pytest.raises(StoreDamaged, match=str(path)):
            make_backup(store, shop, tmp_path / "copy.tar.gz", NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
