"""A tick: everything that is due by the clock, done once. A timer calls it; calling it again changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from revisit.flows.asked import find_survey
from revisit.flows.keeping.tidy import tidy
from revisit.flows.office import Office
from revisit.flows.reporting.scheduled import drop_notices, issue_scheduled, scheduled_jobs, send_notices
from revisit.flows.visiting import send
from revisit.store.protocol import StoreBusy

STEPS: tuple[str, ...] = ("tidy", "letters", "reports")


@dataclass(slots=True)
class Ticked:
    """What one tick did; ``busy`` where another was still at work and nothing was done."""

    busy: bool = False
    filed: int = 0
    letters: int = 0
    laid: int = 0
    sample: int = 0
    reports: int = 0
    notices: int = 0
    waiting: int = 0
    errors: list[str] = field(default_factory=list)


def tick(office: Office, steps: tuple[str, ...], progress: Callable[[int], None] = lambda _done: None) -> Ticked:
    """Do the steps that are asked for: tidy, plan visits and send what is due, issue scheduled reports."""
    done = Ticked()
    with _alone(office) as alone:
        if not alone:
            done.busy = True
            return done
        if "tidy" in steps:
            done.filed = tidy(office.store, office.clock())
        if "letters" in steps:
            _letters(office, done)
        if "reports" in steps:
            _reports(office, done, progress)
    return done


def _letters(office: Office, done: Ticked) -> None:
    """Plan visits and send what is due; notes how many letters left, lie in the outbox, or would be the sample's."""
    now = office.clock()
    send.plan_visits(office.store, office.settings, office.keys, now)
    due = send.due_visits(office.store, office.settings, office.keys, now)
    send.queue_letters(office.store, due, now)
    done.sample = sum(one.visit.sample for one in due)
    sent = send.send_letters(office)
    done.laid = sent.filed.total()
    done.letters = sent.ends["sent"] - done.laid
    done.errors += [f"{times} x letter: {error}" for error, times in sent.errors.most_common()]


def _reports(office: Office, done: Ticked, progress: Callable[[int], None]) -> None:
    schedule = office.settings.reports
    drop_notices(office)
    if schedule.weekly or schedule.monthly or schedule.quarterly:
        survey = find_survey(office.settings, office.settings.orders.survey)
        issued, errors = issue_scheduled(office, scheduled_jobs(office, survey), progress)
        done.reports = len(issued)
        done.errors += errors
    done.notices, done.waiting = send_notices(office)


@contextmanager
def _alone(office: Office) -> Iterator[bool]:
    """Hold the timer's turn; gives False at once where another tick holds it, on this machine or beside it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(office.store.alone("tick", 0))
        except StoreBusy:
            yield False
            return
        yield True
