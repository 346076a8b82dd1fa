"""Coverage: what became of every visit that was due, and the rates that follow."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from revisit.findings.scoring.scores import Estimate, share
from revisit.records.visits import EXCLUSIONS, State, Visit

# I complete, P partial, R refusal or break-off, NC no contact, O other, UO eligibility unknown (a wrong address),
# NE not eligible, NI eligible but never tried: AAPOR Standard Definitions, 10th ed., with NI for visits nobody made.
Disposition = Literal["I", "P", "R", "NC", "O", "UO", "NE", "NI"]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
ATTEMPTED: tuple[Disposition, ...] = ("I", "P", "R", "NC", "O", "UO")
DUE: tuple[State, ...] = ("answered", "declined", "unreachable", "excluded", "expired", "open")
WRONG_ADDRESS: tuple[str, ...] = ("wrong_number", "wrong_address", "bounced")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of visits by state and by disposition.

    ``orders`` = ``due`` + merged + waiting, and ``due`` is the sum of ``states`` over DUE. Open visits have none.
    """

    orders: int
    states: dict[State, int]
    dispositions: dict[Disposition, int]
    exclusions: dict[str, int]

    @property
    def due(self) -> int:
        """Give the visits that were due."""
        return sum(self.states[state] for state in DUE)

    @property
    def attempted(self) -> int:
        """Give the settled visits for which somebody tried."""
        return sum(self.dispositions[name] for name in ATTEMPTED)

    @property
    def never_tried(self) -> int:
        """Give the visits that expired without a try: misses."""
        return self.dispositions["NI"] - sum(
            count for reason, count in self.exclusions.items() if not EXCLUSIONS.get(reason, False)
        )


def as_of(visit: Visit, cutoff: datetime) -> Visit:
    """Give a visit as it was known at a moment: later tries and settlements are left out."""
    settled = visit.settled if visit.settled is not None and visit.settled.at <= cutoff else None
    attempts = tuple(attempt for attempt in visit.attempts if attempt.at <= cutoff)
    return replace(visit, settled=settled, attempts=attempts)


def dispose(visit: Visit, state: State, completeness: str | None) -> Disposition | None:
    """Give a visit's disposition; None while it is open or waiting, and for one merged into another.

    ``completeness`` is I, P or R for an answered visit. An exclusion whose reason is not known counts as a miss.
    """
    if state == "answered":
        return "P" if completeness == "P" else "R" if completeness == "R" else "I"
    if state == "declined":
        return "R"
    if state == "excluded" and visit.settled is not None:
        return "NE" if EXCLUSIONS.get(visit.settled.reason, False) else "NI"
    if state == "expired" and not visit.attempts:
        return "NI"
    if state in {"expired", "unreachable"}:
        return "UO" if _wrong_address(visit) else "NC"
    return None


def _wrong_address(visit: Visit) -> bool:
    """Say whether every way that was tried failed because the address is wrong."""
    if visit.settled is not None and visit.settled.reason in WRONG_ADDRESS:
        return True
    return bool(visit.attempts) and all(attempt.outcome == "bounced" for attempt in visit.attempts)


def cover(visits: Iterable[Visit], answers: Mapping[str, str], cutoff: datetime) -> Coverage:
    """Count visits as they stood at the cut-off. ``answers`` maps the answered visits' ids to I, P or R."""
    states: Counter[State] = Counter()
    dispositions: Counter[Disposition] = Counter()
    exclusions: Counter[str] = Counter()
    orders = set()
    for visit in visits:
        known = as_of(visit, cutoff)
        state = known.state(cutoff, answered=visit.id in answers)
        orders.add(visit.order_id)
        states[state] += 1
        disposition = dispose(known, state, answers.get(visit.id))
        if disposition is not None:
            dispositions[disposition] += 1
        if state == "excluded" and known.settled is not None:
            exclusions[known.settled.reason] += 1
    return Coverage(
        len(orders),
        {state: states[state] for state in get_args(State)},
        {name: dispositions[name] for name in DISPOSITIONS},
        dict(sorted(exclusions.items())),
    )


def visit_coverage(counts: Coverage, level: float = 0.95) -> Estimate | None:
    """Give the return-visit coverage (回访率): attempted / (attempted + NI), with Wilson's interval."""
    return share(counts.attempted, counts.attempted + counts.dispositions["NI"], level=level)


def decided(hits: int, whole: int, pending: int, target: float) -> bool:
    """Say whether a rate's target is met or missed for good: however the ``pending`` visits end, the answer stays.

    ``hits`` of ``whole`` settled visits count for the rate. In a week after whose first four visits all were tried,
    nobody knows yet whether all will be.
    """
    if not pending:
        return True
    least, most = hits / (whole + pending), (hits + pending) / (whole + pending)
    return least >= target or most < target


def effective_coverage(counts: Coverage, level: float = 0.95) -> Estimate | None:
    """Give the share of complete answers among all who should have been asked: I / (attempted + NI)."""
    return share(counts.dispositions["I"], counts.attempted + counts.dispositions["NI"], level=level)


def response_rate(counts: Coverage, level: float = 0.95) -> Estimate | None:
    """Give AAPOR's RR1: I / (I+P+R+NC+O+UO), with Wilson's interval."""
    return share(counts.dispositions["I"], counts.attempted, level=level)


def response_rate_3(counts: Coverage) -> float | None:
    """Give AAPOR's RR3: I / (I+P+R+NC+O + e·UO), e = (I+P+R+NC+O) / (I+P+R+NC+O+NE); None without a denominator."""
    eligible = counts.attempted - counts.dispositions["UO"]
    known = eligible + counts.dispositions["NE"]
    if known == 0:
        return None
    whole = eligible + eligible / known * counts.dispositions["UO"]
    return counts.dispositions["I"] / whole if whole else None
