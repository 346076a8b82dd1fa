"""Letters go out once: with two machines on one database, and with senders that are killed at any moment."""

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from revisit.flows.office import Office
from revisit.flows.visiting import send
from revisit.records.letters import Letter, LetterState
from revisit.settings import Keys, Mail
from revisit.store import open_store
from tests.flows.house import House, house
from tests.visits.post_office import PostOffice, post_office
from tests.visits.shop import shop

pytestmark = pytest.mark.faults

DAY = "2026-11-20"


def send_all(root: Path, url: str, port: int, keys: Keys, now: datetime) -> None:
    """Be a machine that sends what it found queued, once the file "go" is there; it leaves how its letters ended."""
    settings = replace(shop(root), mail=Mail("127.0.0.1", port, "service@example.com", security="none"))
    with closing(open_store(settings.workspace, url)) as store:
        find = store.letters

        def found(states: Collection[LetterState] = ()) -> Iterator[Letter]:
            letters = list(find(states))
            if states == ("queued",):
                (root / "listed").touch()
                while not (root / "go").exists():
                    time.sleep(0.005)
            return iter(letters)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "letters", found)
            done = send.send_letters(Office(store, settings, keys, lambda: now), anyway=True)
    (root / "ends").write_text(json.dumps(done.ends), encoding="utf-8")


@contextmanager
def queued(root: Path, url: str, letters: int) -> Iterator[House]:
    """Give a shop that has so many letters queued."""
    with house(root, url) as place:
        place.bring_in("".join(f"B{n},{DAY},Lakeside,,,c{n}@example.com,en,warranty\n" for n in range(letters)))
        office = place.office
        due = send.due_visits(office.store, office.settings, office.keys, place.now)
        assert len(send.queue_letters(office.store, due, place.now)) == letters
        yield place


def sender(place: House, office: PostOffice, url: str, root: Path) -> BaseProcess:
    process = get_context("spawn").Process(
        target=send_all, args=(root, url, office.port, place.office.keys, place.now), daemon=True
    )
    process.start()
    return process


def taken(office: PostOffice) -> Counter[str]:
    """Give how often the mail server took a letter to each address."""
    return Counter(line for letter in office.taken for line in letter.splitlines() if line.startswith("To: "))


def test_two_machines_on_one_database_send_each_letter_once(tmp_path: Path, database: str) -> None:
    number = 40
    with post_office() as office, queued(tmp_path / "one", database, number) as place:
        shutil.copytree(tmp_path / "one", tmp_path / "two")
        machines = [sender(place, office, database, tmp_path / name) for name in ("one", "two")]
        for name in ("one", "two"):  # each means to send every letter
            while not (tmp_path / name / "listed").exists():
                assert all(machine.is_alive() for machine in machines)
                time.sleep(0.005)
        for name in ("one", "two"):
            (tmp_path / name / "go").touch()
        for machine in machines:
            machine.join()
        assert [machine.exitcode for machine in machines] == [0, 0]
        assert sorted(taken(office).values()) == [1] * number
        states = Counter(letter.state for letter in place.office.store.letters())
        attempts = [len(visit.attempts) for visit in place.office.store.visits()]
    assert states == {"sent": number}
    assert attempts == [1] * number
    ends = [json.loads((tmp_path / name / "ends").read_text(encoding="utf-8")) for name in ("one", "two")]
    # Which machine had which letter is chance; for each letter one of them was told that the other had it.
    assert sum((Counter(end) for end in ends), Counter()) == {"sent": number, "taken": number}


@pytest.mark.parametrize("store", ["folder", "postgres"])
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.full)])
def test_a_sender_that_is_killed_sends_nothing_twice(
    request: pytest.FixtureRequest, tmp_path: Path, store: str, kills: int
) -> None:
    url = request.getfixturevalue("database") if store == "postgres" else ""
    number = 40 * kills
    chance = random.Random(kills)  # noqa: S311  when to kill
    with post_office() as office, queued(tmp_path, url, number) as place:
        (tmp_path / "go").touch()
        for _ in range(kills):
            before = len(office.taken)
            machine = sender(place, office, url, tmp_path)
            while len(office.taken) == before and machine.is_alive():
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.05))
            machine.kill()
            machine.join()
        last = sender(place, office, url, tmp_path)
        last.join()
        assert last.exitcode == 0
        sent = taken(office)
        states = Counter(letter.state for letter in place.office.store.letters())
    assert max(sent.values()) == 1
    assert states["sent"] + states["unknown"] == number
    assert states["unknown"] <= kills
    assert states["sent"] <= len(sent) <= number
    print(f"{store}: {kills} senders killed, {number:,} letters: 0 twice, {states['unknown']} unknown")  # noqa: T201  the figure
