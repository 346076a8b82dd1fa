"""Damage is noticed wherever it is, copies are kept and pruned, and a damaged file is mended from both."""

import os
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.records.problems import CallError
from revisit.records.visits import Invitation
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.folder import FolderStore
from revisit.store.folder.copies import outdated
from revisit.store.folder.files import parse, sealed
from revisit.store.folder.health import network_file_system
from revisit.store.protocol import StoreDamaged
from tests.store.cast import NOW, answer, batch, entry, invite_all


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FolderStore]:
    with closing(open_store(Workspace(tmp_path))) as opened:
        assert isinstance(opened, FolderStore)
        yield opened


def prepared(store: FolderStore, number: int = 10) -> tuple[list[Invitation], Path]:
    ones = [entry(f"RO-{count}") for count in range(number)]
    store.add_orders(batch(), ones)
    links = invite_all(store, [one.visit for one in ones])
    for link in links[: number // 2]:
        store.record(answer(link))
    (path,) = (store.folder / "answers").glob("*.json")
    return links, path


def test_it_notices_any_flipped_bit_and_any_missing_end(store: FolderStore) -> None:
    _, path = prepared(store)
    whole = path.read_bytes()
    chance = random.Random(7)  # noqa: S311  where to flip
    for _ in range(200):
        place, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        with pytest.raises(StoreDamaged):
            parse(path, whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
    for _ in range(20):
        with pytest.raises(StoreDamaged):
            parse(path, whole[: chance.randrange(len(whole))])
    assert parse(path, whole)["responses"]


def test_it_reads_a_file_that_has_no_checksum(tmp_path: Path) -> None:
    plain = b'{"file":{"about":{"format":1}},"users":{}}'
    assert parse(tmp_path, plain)["users"] == {}
    assert parse(tmp_path, sealed(parse(tmp_path, plain)))["users"] == {}


def test_it_copies_what_changed_once_an_hour(store: FolderStore) -> None:
    links, path = prepared(store)
    store.upkeep(NOW)
    store.upkeep(NOW + timedelta(minutes=30))
    assert [copy.stem for copy in store.copies(path)] == ["20261102T0900Z"]
    store.upkeep(NOW + timedelta(hours=1))
    assert len(store.copies(path)) == 1  # it had not changed
    store.record(answer(links[-1]))
    store.upkeep(NOW + timedelta(hours=2))
    assert [copy.stem for copy in store.copies(path)] == ["20261102T1100Z", "20261102T0900Z"]
    assert store.copies(path)[0].read_bytes() == path.read_bytes()
    assert store.copies(path)[0].stat().st_mode & 0o777 == 0o600


def test_it_never_copies_a_damaged_file(store: FolderStore) -> None:
    _, path = prepared(store)
    store.upkeep(NOW)
    path.write_bytes(path.read_bytes()[:-30])
    store.upkeep(NOW + timedelta(hours=1))
    assert len(store.copies(path)) == 1


def test_it_keeps_24_hours_and_14_days() -> None:
    hours = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=count) for count in range(24 * 30)]
    copies = [Path(f"{hour:%Y%m%dT%H%MZ}.json") for hour in hours]
    kept = sorted(set(copies) - set(outdated(copies)))
    assert len(kept) == 24 + 13  # the newest day is among the hours
    assert kept[-24:] == copies[-24:]
    assert [copy.stem[:8] for copy in kept[:13]] == [f"202611{day:02}" for day in range(17, 30)]
    # A clock ten years ahead for an hour makes one copy more, and takes the oldest of each kind.
    assert len(set(copies) - set(outdated([*copies, Path("20361101T0000Z.json")]))) >= len(kept) - 2


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole: whole[:-200],
        lambda _: b"",
        lambda whole: b"\0" * len(whole),
        lambda whole: whole[: len(whole) // 2] + b"\0\0" + whole[len(whole) // 2 + 2 :],
        lambda _: b"[]",
    ],
    ids=["truncated", "empty", "zeros", "a hole", "another shape"],
)
def test_it_mends_a_file_from_its_copy_and_what_can_still_be_read(store: FolderStore, harm: object) -> None:
    links, path = prepared(store)
    store.upkeep(NOW)
    store.record(answer(links[-1]))
    whole = path.read_bytes()
    harmed = harm(whole)  # type: ignore[operator]
    path.write_bytes(harmed)
    (fault,) = store.healthy()
    assert f'Run: revisit store mend "{path}"' in fault
    assert "newest good copy is of 2026-11-02 09:00 UTC" in fault
    kept = store.mend(store.mending(path), NOW)
    assert kept.read_bytes() == harmed
    assert store.healthy() == []
    answered = {response.id for response in store.responses("repair")}
    assert {link.id for link in links[:5]} <= answered
    assert len(list(store.invitations())) == 10
    assert store.record(answer(links[-1])) in {"stored", "repeat"}


def test_it_gives_every_row_of_a_file_that_only_a_bit_was_flipped_in(store: FolderStore) -> None:
    links, path = prepared(store)
    store.upkeep(NOW)
    store.record(answer(links[-1]))
    whole = path.read_bytes()
    place = whole.rindex(b'"body_hash":"one"') + 13  # one -> nne, in a row that came after the copy
    path.write_bytes(whole[:place] + b"n" + whole[place + 1 :])
    mending = store.mending(path)
    assert (mending.from_copy, mending.from_file, mending.rows) == (15, 16, 16)


def test_it_takes_a_lost_file_for_lost_and_not_for_new(store: FolderStore) -> None:
    links, path = prepared(store)
    store.upkeep(NOW)
    orders = next((store.folder / "orders").glob("*.json"))
    path.unlink()
    orders.unlink()
    for ask in (
        lambda: store.record(answer(links[-1])),
        lambda: store.invitation(links[0].partition, links[0].id),
        lambda: store.visit(links[0].visit_id),
        lambda: store.change_visit(links[0].visit_id, lambda visit: visit),
    ):
        with pytest.raises(StoreDamaged, match="is missing"):
            ask()
    assert len(store.healthy()) == 2
    for lost in (path, orders):
        store.mend(store.mending(lost), NOW)
    assert store.healthy() == []
    assert store.record(answer(links[-1])) == "stored"


def test_it_mends_nothing_that_is_whole_and_nothing_out_of_nothing(store: FolderStore) -> None:
    _, path = prepared(store)
    with pytest.raises(CallError, match="is whole"):
        store.mending(path)
    path.write_bytes(b"")
    with pytest.raises(CallError, match="Restore a backup"):
        store.mending(path)
    for stranger in (Path("/etc/passwd"), store.folder / "versions" / "repair.json", store.folder / "answers"):
        with pytest.raises(CallError, match="is no data file"):
            store.mending(stranger)


def test_the_command_mends_and_files_what_had_waited(tmp_path: Path, store: FolderStore) -> None:
    (tmp_path / "revisit.toml").write_text('timezone = "UTC"\n')
    links, path = prepared(store)
    store.upkeep(NOW)
    path.write_bytes(path.read_bytes()[:99])
    store.set_aside(replace(answer(links[-1]), unit="", visit_id=None))
    done = CliRunner().invoke(main, ["-C", str(tmp_path), "store", "mend", str(path), "--yes"])
    assert done.exit_code == 0, done.output
    assert "1 answers that had waited were filed" in done.output
    assert store.response(links[-1].partition, links[-1].id) == answer(links[-1])


def _tell(folder: Path) -> str:
    os.setgroups([])
    os.setuid(65534)
    try:
        FolderStore(folder).users()
    except StoreDamaged as error:
        return str(error)
    return "read"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read the file")
def test_it_says_which_file_may_not_be_read() -> None:
    from multiprocessing import get_context
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:  # pytest's own folder is closed to others
        folder = Path(name)
        for place in (folder, folder / "data"):
            place.mkdir(exist_ok=True)
            os.chown(place, 65534, 65534)
        users = folder / "data" / "users.json"
        users.write_bytes(sealed({"users": {}}))
        users.chmod(0)
        with get_context("spawn").Pool(1) as pool:
            said = pool.apply(_tell, (folder / "data",))
    assert said == f'The data file "{users}" cannot be read: Permission denied. Run: chmod 600 "{users}"'


@pytest.mark.parametrize(
    ("mount", "kind"),
    [("nfs4", "nfs4"), ("cifs", "cifs"), ("fuse.sshfs", "fuse.sshfs"), ("ext4", ""), ("fuse.encfs", "")],
)
def test_it_knows_a_network_file_system(tmp_path: Path, mount: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"40 22 0:44 / {tmp_path}/far\\040away rw shared:9 - {mount} server:/x rw\n"
    )
    assert network_file_system(tmp_path / "far away" / "shop" / "data", mounts) == kind
    assert network_file_system(tmp_path / "near", mounts) == ""
    assert network_file_system(tmp_path, tmp_path / "none") == ""
