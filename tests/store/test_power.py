"""A power cut at any moment: in every state that the disk may be in then, the store opens and holds what it promised.

The model is the one that crash testers of databases use. Bytes of a file are safe once the file was fsynced, a name (a
new one, another file under an old one, none at all) once its folder was. What is not safe may be there, torn, zeros or
gone, each independently of the others. A kill of the process cannot show this: the page cache survives it.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, combinations
from pathlib import Path

import pytest

from revisit.records.letters import Letter
from revisit.records.people import AuditLine, Session, User
from revisit.records.reports import IssuedReport
from revisit.records.visits import Attempt, Invitation, Poster
from revisit.store.folder import FolderStore
from tests.store.cast import DAY, NOW, answer, batch, entry, imported, invite

State = frozenset[tuple[str, bytes | None]]  # what lies on the disk: paths with their bytes, None for a folder
Promise = Callable[[FolderStore], bool]
SPOILT: dict[str, Callable[[bytes, bytes], bytes]] = {
    "as it was": lambda safe, _new: safe,
    "written": lambda _safe, new: new,
    "torn": lambda safe, new: new[: (len(safe) + len(new)) // 2 if new.startswith(safe) else len(new) // 2],
    "zeros": lambda safe, new: (safe if new.startswith(safe) else b"").ljust(len(new), b"\0"),
}


@dataclass(eq=False)
class Node:
    """A file or folder, held open so that its number is not given to another one; ``safe``: what was fsynced of it."""

    handle: int
    is_folder: bool
    safe: bytes = b""


@dataclass
class Disk:
    """Follows what the program asked of the disk, and gathers the states in which a cut may leave it."""

    root: Path
    nodes: dict[int, Node] = field(default_factory=dict)
    safe: dict[Path, Node] = field(default_factory=dict)  # names that are on the disk
    promised: int = 0
    states: dict[State, int] = field(default_factory=dict)  # with how many promises were given by then

    def fsync(self, handle: int, really: Callable[[int], None]) -> None:
        """Note every state that a cut just before may leave, then what is safe from now on."""
        self.cut()
        node = self.nodes.get(os.fstat(handle).st_ino)
        really(handle)
        now = self._names()
        if node is None or node not in now.values():
            return
        path = next(path for path, held in now.items() if held is node)
        if node.is_folder:
            self.safe = {name: held for name, held in self.safe.items() if name.parent != path}
            self.safe |= {name: held for name, held in now.items() if name.parent == path}
        else:
            node.safe = path.read_bytes()

    def cut(self) -> None:
        """Add the states that a cut now may leave."""
        now = self._names()
        bytes_now = {node: path.read_bytes() for path, node in now.items() if not node.is_folder}
        changes = list(self._changes(now))
        some = range(len(changes) + 1) if len(changes) <= 4 else (0, 1, len(changes))
        for chosen in chain.from_iterable(combinations(changes, number) for number in some):
            names: dict[Path, Node | None] = {**self.safe}
            for change in chosen:
                names |= change
            for spoil in SPOILT.values():
                state = frozenset(self._state(names, bytes_now, spoil))
                self.states[state] = max(self.promised, self.states.get(state, 0))

    def _state(
        self, names: dict[Path, Node | None], bytes_now: dict[Node, bytes], spoil: Callable[[bytes, bytes], bytes]
    ) -> Iterator[tuple[str, bytes | None]]:
        for path, node in names.items():
            if node is None or not all(
                names.get(folder) for folder in path.parents if folder.is_relative_to(self.root)
            ):
                continue
            place = str(path.relative_to(self.root))
            yield place, None if node.is_folder else spoil(node.safe, bytes_now.get(node, node.safe))

    def _changes(self, now: dict[Path, Node]) -> Iterator[dict[Path, Node | None]]:
        """Give what happened to names that are not safe yet; a rename is one thing and not two."""
        gone = {self.safe[path]: path for path in self.safe if path not in now}
        for path, node in now.items():
            if self.safe.get(path) is not node:
                old = gone.pop(node, None)
                yield {path: node} if old is None else {path: node, old: None}
        for path in gone.values():
            yield {path: None}

    def _names(self) -> dict[Path, Node]:
        found = {}
        for path in (self.root, *sorted(self.root.rglob("*"))):
            if not any(part.startswith(".") for part in path.relative_to(self.root).parts):  # locks hold no records
                found[path] = self._node(path)
        if not self.safe:
            self.safe = {self.root: found[self.root]}
        return found

    def _node(self, path: Path) -> Node:
        number = path.stat().st_ino
        if number not in self.nodes:
            self.nodes[number] = Node(os.open(path, os.O_RDONLY), path.is_dir())
        return self.nodes[number]

    def close(self) -> None:
        for node in self.nodes.values():
            os.close(node.handle)


def acts(store: FolderStore) -> Iterator[Promise]:
    """Do one thing after the other that the store has a verb for; after each, give what it has promised with it."""
    ones = [entry(f"RO-{number}") for number in range(6)]
    store.add_orders(batch(), ones)
    numbers = {one.order.number for one in ones}
    yield lambda held: numbers <= {order.number for order in held.orders()} and len(held.batches()) >= 1
    links: list[Invitation] = []
    for one in ones:
        links.append(invite(store, one.visit))
        yield lambda held, link=links[-1]: held.invitation(link.partition, link.id) is not None  # type: ignore[misc]
    for link in links[:3]:
        assert store.record(answer(link)) == "stored"
        yield lambda held, link=link: held.response(link.partition, link.id) == answer(link)  # type: ignore[misc]
    store.void(links[3], NOW)
    yield lambda held: getattr(held.invitation(links[3].partition, links[3].id), "voided_at", None) == NOW
    tried = (Attempt(NOW, "phone", "no_answer", "wang"),)
    store.change_visit(ones[4].visit.id, lambda visit: replace(visit, attempts=tried))
    yield lambda held: held.visit(ones[4].visit.id).attempts == tried
    yield from _letters_and_people(store, ones[0].visit.id)
    store.add_responses(batch("r1", kind="responses"), [imported(answer(links[0]), "r1", f"row-{n}") for n in range(3)])
    yield lambda held: sum(one.batch_id == "r1" for one in held.responses("repair")) == 3
    store.upkeep(NOW)
    store.set_aside(replace(answer(links[4]), unit="", visit_id=None))
    yield lambda held: held.file_set_aside() + (held.response(links[4].partition, links[4].id) is not None) >= 1
    store.set_aside(replace(answer(links[0]), body_hash="second"))
    store.file_set_aside()
    yield lambda held: held.response(links[4].partition, links[4].id) == answer(links[4])
    store.add_orders(batch("b2"), [entry(f"RO-{number}", batch_id="b2") for number in range(10, 13)])
    store.undo_batch("b2", NOW)
    yield lambda held: len(list(held.orders())) == 6


def _letters_and_people(store: FolderStore, visit_id: str) -> Iterator[Promise]:
    letter = Letter("2610-letter", visit_id, "email", "en", "queued", NOW, NOW)
    store.add_letters([letter])
    yield lambda held: [one.id for one in held.letters()] == [letter.id]
    claimed = store.claim_letter(letter.id, NOW)
    assert claimed is not None
    yield lambda held: next(held.letters()).state != "queued"
    store.settle_letter(replace(claimed, state="sent"))
    yield lambda held: next(held.letters()).state == "sent"
    store.add_poster(Poster("p1", "demo", "repair", NOW))
    yield lambda held: [poster.id for poster in held.posters()] == ["p1"]
    store.add_user(User("王", "admin", "demo"))
    yield lambda held: [user.name for user in held.users()] == ["王"]
    store.add_session(Session("s" * 64, "王", NOW, NOW))
    yield lambda held: held.session("s" * 64) is not None
    for number in range(3):
        store.audit(AuditLine(NOW, "王", "signed-in", note=f"{number}"))
        yield lambda held, number=number: f"{number}" in [line.note for line in held.audit_lines()]  # type: ignore[misc]
    store.keep_report(
        IssuedReport("r1", "branch", "repair", "demo", DAY, DAY, "en", NOW, "王", "a.pdf", "0", 9), b"%PDF"
    )
    yield lambda held: held.report("r1")[1] == b"%PDF"


def broken(folder: Path, state: State, promises: list[Promise]) -> str:
    """Put a state on a real disk and open the store there; gives what is wrong with it, empty when nothing is."""
    for place, content in sorted(state, key=lambda item: item[0]):
        path = folder / place
        path.mkdir(exist_ok=True) if content is None else path.write_bytes(content)
    with closing(FolderStore(folder)) as store:
        faults = [fault for fault in store.healthy() if "answers wait" not in fault]
        if faults:
            return faults[0]
        orders, visits = {one.id for one in store.orders()}, {one.order_id for one in store.visits()}
        if orders != visits or len(orders) not in {0, 6, 9}:
            return f"half an import: {len(orders)} orders, {len(visits)} visits"
        if any(
            one.id not in {link.id for link in store.invitations()} for one in store.responses("repair") if one.visit_id
        ):
            return "an answer without its link"
        for _row in store.copy_out():
            pass  # a backup can be made
        return "".join(f"promise {number} " for number, kept in enumerate(promises) if not kept(store))


def test_it_keeps_what_it_acknowledged_in_every_state_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "data"
    store = FolderStore(root)
    disk = Disk(root)
    fsync = os.fsync
    promises: list[Promise] = []
    with monkeypatch.context() as watched:
        watched.setattr(os, "fsync", lambda handle: disk.fsync(handle, fsync))
        for promise in acts(store):
            promises.append(promise)
            disk.promised = len(promises)
            disk.cut()
    store.close()
    disk.close()
    faults: Counter[str] = Counter()
    monkeypatch.setattr(os, "fsync", lambda _handle: None)  # the checks themselves are not cut off
    for number, (state, promised) in enumerate(disk.states.items()):
        folder = tmp_path / f"cut{number}"
        folder.mkdir(mode=0o700)
        faults[broken(folder, state, promises[:promised])] += 1
        shutil.rmtree(folder)
    print(f"power cut: {len(disk.states):,} states, {faults.total() - faults['']} bad")  # noqa: T201  the figure
    assert set(faults) == {""}, faults
    assert len(disk.states) > 200
