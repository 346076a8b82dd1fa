"""A store with something of every kind in it, and 32 people who go on answering."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from revisit.records.ids import new_id
from revisit.records.letters import Letter
from revisit.records.people import AuditLine, Session, User
from revisit.records.reports import IssuedReport
from revisit.records.responses import Response
from revisit.records.tags import Verdicts
from revisit.records.visits import Attempt, Invitation, Poster, Settlement
from revisit.store.protocol import Store, StoreBusy
from tests.store.cast import DAY, NOW, answer, batch, entry, imported, invite


def fill(store: Store, answers: int = 5) -> None:
    """File something of every kind."""
    ones = [entry(f"RO-{number}", day=DAY + timedelta(days=number % 40)) for number in range(answers + 2)]
    store.add_orders(batch(), ones)
    links = [invite(store, one.visit) for one in ones]
    for number, link in enumerate(links[:answers]):
        duration = 30.25 if number % 2 else 31.0
        store.record(replace(answer(link, f"body {number}", number % 5 + 1), duration=duration, flags=("quick",)))
    store.void(links[-1], NOW)
    tried = (Attempt(NOW, "phone", "no_answer", "wang"),)
    store.change_visit(
        ones[-1].visit.id, lambda visit: replace(visit, attempts=tried, settled=Settlement("merged", NOW))
    )
    store.add_responses(batch("r1", kind="responses"), [imported(answer(links[0]), "r1", "row-1")])
    for number in range(3):
        store.set_aside(replace(answer(links[-1]), unit="", visit_id=None, body_hash=f"aside {number}"))
    store.file_set_aside()  # their link is closed: they are kept apart as seconds
    store.set_aside(replace(answer(links[0]), body_hash="waits"))
    store.add_poster(Poster("p1", "demo", "repair", NOW, closed_at=NOW))
    store.add_letters([Letter(new_id(DAY), one.visit.id, "email", "zh-Hans", "queued", NOW, NOW) for one in ones])
    store.add_user(User("王", "admin", "demo", password="not a hash"))
    store.add_session(Session("s" * 64, "王", NOW, NOW))
    for number in range(3):
        store.audit(AuditLine(NOW + timedelta(days=20 * number), "王", "visit.declined", f"line {number}"))
    report = IssuedReport("r1", "branch", "repair", "demo", DAY, DAY, "en", NOW, "王", "a.pdf", "0", 9)
    store.settle_tags(Verdicts("2601", NOW, {"r": ("same_device",)}))
    store.keep_report(report, b"%PDF\0\xff\n%")


class Answering:
    """What was acknowledged so far."""

    def __init__(self) -> None:
        self.acknowledged: list[Response] = []
        self.stop = threading.Event()


def _stored(store: Store, response: Response) -> bool:
    """Say whether an answer was taken; a store that is busy asks for it again."""
    try:
        store.record(response)
    except StoreBusy:
        return False
    return True


@contextmanager
def answering(store: Store, links: Iterable[Invitation], threads: int = 8) -> Iterator[Answering]:
    """Answer links from many threads while the block runs."""
    load = Answering()
    work, lock = iter(links), threading.Lock()

    def run() -> None:
        while not load.stop.is_set():
            with lock:
                link = next(work, None)
            if link is None:
                return
            response = answer(link)
            while not _stored(store, response):
                time.sleep(0.01)
            load.acknowledged.append(response)

    crowd = [threading.Thread(target=run) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in crowd:
            thread.join()
