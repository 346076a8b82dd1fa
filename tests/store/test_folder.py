"""What the folder store must hold beyond the protocol: damage, crashes, other processes, full disks."""

import errno
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from multiprocessing.pool import Pool
from pathlib import Path

import orjson
import pytest

from revisit.records.visits import Invitation
from revisit.settings import Workspace
from revisit.store import codec, open_store
from revisit.store.folder import FolderStore, answers, files
from revisit.store.folder.orders import Orders
from revisit.store.protocol import AlreadyAnswered, StoreDamaged, StoreFull
from tests.store.cast import NOW, answer, batch, entry, invite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def wait_until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def prepared(folder: Path) -> tuple[FolderStore, Invitation]:
    store = FolderStore(folder)
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    return store, invite(store, one.visit)


def answers_file(folder: Path) -> Path:
    (path,) = (folder / "answers").glob("*.json")
    return path


def test_it_keeps_readable_json_that_only_the_owner_reads(folder: Path) -> None:
    store, invitation = prepared(folder)
    store.record(answer(invitation))
    store.close()
    path = answers_file(folder)
    assert list(orjson.loads(path.read_bytes())["responses"]) == [invitation.id]
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not list(folder.glob("**/*.new"))


def test_it_starts_a_sequel_when_a_partition_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "FULL", 2)
    with closing(FolderStore(folder)) as store:
        ones = [entry(f"RO-{number}") for number in range(5)]
        store.add_orders(batch(), ones)
        partitions = [invite(store, one.visit).partition for one in ones]
        assert partitions[0] == partitions[1] != partitions[2] == partitions[3] != partitions[4]
        assert [path.stem[4:] for path in sorted((folder / "answers").glob("*"), key=lambda path: path.stem[-1])] == [
            "repair-2611-1",
            "repair-2611-2",
            "repair-2611-3",
        ]
        other = store.partition("repair-full", NOW.date())
        assert other not in partitions


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda _: b"", "damaged at byte 0 of 0"),
        (lambda whole: whole[:-40], "damaged at byte"),
        (lambda whole: whole + b"\0\0\0", "damaged at byte"),
        (lambda whole: whole.replace(b":", b";", 1), "damaged at byte"),
        (lambda _: b"[]", "not of a data file's shape"),
        (lambda _: b'{"responses": [1]}', "not of a data file's shape"),
        (lambda whole: whole.replace(b'"format":1', b'"format":9'), "newer version"),
    ],
)
def test_it_names_a_damaged_file_and_leaves_it_alone(folder: Path, harm: object, words: str) -> None:
    store, invitation = prepared(folder)
    path = answers_file(folder)
    whole = path.read_bytes()
    harmed = harm(whole)  # type: ignore[operator]
    path.write_bytes(harmed)
    with pytest.raises(StoreDamaged, match=words) as fault:
        store.record(answer(invitation))
    assert str(path) in str(fault.value)
    with pytest.raises(StoreDamaged):
        store.invitation(invitation.partition, invitation.id)
    assert path.read_bytes() == harmed
    assert any(str(path) in line for line in store.healthy())
    path.write_bytes(whole)
    assert store.record(answer(invitation)) == "stored"
    store.close()


def test_it_files_what_was_set_aside_in_order_of_arrival(folder: Path) -> None:
    store, invitation = prepared(folder)
    path = answers_file(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    unread = replace(answer(invitation), unit="", visit_id=None)
    store.set_aside(unread)
    store.set_aside(replace(unread, body_hash="second"))
    store.set_aside(replace(unread, id="0" * 64))
    assert store.file_set_aside() == 0
    assert any("3 answers wait" in line for line in store.healthy())
    path.write_bytes(whole)
    assert store.file_set_aside() == 3
    assert store.response(invitation.partition, invitation.id) == answer(invitation)
    kept = [orjson.loads(path.read_bytes()) for path in (folder / "second").glob("*.json")]
    assert sorted(row["body_hash"] for row in kept) == ["one", "second"]
    assert all(row["flags"] == ["second"] for row in kept)
    store.close()


def test_it_finishes_an_import_that_a_crash_cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(folder)
    ones = [entry(f"RO-{number}") for number in range(3)]
    put, calls = Orders.put_in_slices, iter(range(99))

    def crash(self: Orders, *arguments: object) -> None:
        if next(calls) == 1:
            raise KeyboardInterrupt
        put(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Orders, "put_in_slices", crash)
    with pytest.raises(KeyboardInterrupt):
        store.add_orders(batch(), ones)
    store.close()
    monkeypatch.undo()
    with closing(FolderStore(folder)) as again:
        assert {order.number for order in again.orders()} == {"RO-0", "RO-1", "RO-2"}
        assert len(list(again.visits())) == 3
        assert again.batches()[0].rows == 3
        assert not list((folder / "intents").glob("*"))


def test_it_finishes_taking_back_that_a_crash_cut_off(folder: Path) -> None:
    store, invitation = prepared(folder)
    store.note("undo-b1", {"kind": "undo", "batch": "b1", "at": NOW.isoformat()})
    store.remove_open_invitations({invitation.visit_id})
    store.close()
    with closing(FolderStore(folder)) as again:
        assert list(again.orders()) == []
        assert again.batches()[0].undone_at == NOW


def test_it_writes_many_waiting_answers_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = prepared(folder)
    ones = [entry(f"RO-x{number}") for number in range(40)]
    store.add_orders(batch("b2"), ones)
    invitations = [invite(store, one.visit) for one in ones]
    written: list[Path] = []
    write = files.write_whole

    def counted(path: Path, content: bytes) -> None:
        written.append(path)
        write(path, content)

    monkeypatch.setattr(files, "write_whole", counted)
    pool = ThreadPoolExecutor(20)
    with store.shelf.lock:  # the writer waits here with the first, while the others queue up
        outcomes = [pool.submit(store.record, answer(invitations[0]))]
        wait_until(lambda: store.shelf.group.running and store.shelf.group.waiting() == 0)
        outcomes += [pool.submit(store.record, answer(invitation)) for invitation in invitations[1:20]]
        wait_until(lambda: store.shelf.group.waiting() >= 19)
    assert [outcome.result() for outcome in outcomes] == ["stored"] * 20
    assert len(written) <= 2
    pool.shutdown()
    store.close()


def test_it_says_that_the_disk_is_full_and_goes_on_after(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, invitation = prepared(folder)
    before = answers_file(folder).read_bytes()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreFull, match="no space left"):
            store.record(answer(invitation))
    assert answers_file(folder).read_bytes() == before
    assert not list(folder.glob("**/*.new"))
    assert store.record(answer(invitation)) == "stored"
    store.close()


def _fill(folder: Path) -> tuple[str, int]:
    """Answer with a largest file size in force, which the kernel enforces as it would a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with closing(FolderStore(folder)) as store:
        invitations = list(store.invitations())
        size = answers_file(folder).stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 2000, resource.RLIM_INFINITY))
        stored = 0
        for invitation in invitations:
            try:
                store.record(answer(invitation))
            except StoreFull:
                return "full", stored
            stored += 1
    return "never", stored


def test_it_loses_nothing_when_the_kernel_refuses_more_bytes(folder: Path) -> None:
    with closing(FolderStore(folder)) as store:
        ones = [entry(f"RO-{number}") for number in range(20)]
        store.add_orders(batch(), ones)
        for one in ones:
            invite(store, one.visit)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        outcome, stored = pool.apply(_fill, (folder,))
    assert outcome == "full"
    assert stored > 0
    with closing(FolderStore(folder)) as store:
        assert len(list(store.responses("repair"))) == stored


def _post_all(folder: Path, body: str) -> tuple[int, int, int]:
    outcomes = {"stored": 0, "repeat": 0, "conflict": 0}
    with closing(FolderStore(folder)) as store:
        for invitation in list(store.invitations()):
            try:
                outcomes[store.record(answer(invitation, body))] += 1
            except AlreadyAnswered:
                outcomes["conflict"] += 1
    return outcomes["stored"], outcomes["repeat"], outcomes["conflict"]


def test_it_keeps_one_answer_when_two_processes_write(folder: Path) -> None:
    with closing(FolderStore(folder)) as store:
        ones = [entry(f"RO-{number}") for number in range(50)]
        store.add_orders(batch(), ones)
        for one in ones:
            invite(store, one.visit)
    pool: Pool
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        outcomes = pool.starmap(_post_all, [(folder, "a"), (folder, "b"), (folder, "a")])
    assert sum(stored for stored, _, _ in outcomes) == 50
    assert sum(sum(outcome) for outcome in outcomes) == 150
    with closing(FolderStore(folder)) as store:
        assert len(list(store.responses("repair"))) == 50


def test_it_sees_what_another_process_wrote(folder: Path) -> None:
    here, invitation = prepared(folder)
    with closing(FolderStore(folder)) as there:
        there.record(answer(invitation))
    assert here.response(invitation.partition, invitation.id) == answer(invitation)
    with pytest.raises(AlreadyAnswered):
        here.record(answer(invitation, "other"))
    here.close()


def test_it_opens_the_workspace_store(tmp_path: Path) -> None:
    with closing(open_store(Workspace(tmp_path))) as store:
        assert store.healthy() == []
    assert (tmp_path / "data").is_dir()


def test_it_leaves_defaults_out_of_the_file() -> None:
    one = entry("RO-1")
    plain = codec.dump(one.visit)
    assert "attempts" not in plain
    assert codec.load(type(one.visit), plain) == one.visit
