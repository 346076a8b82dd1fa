"""Made-up surveys, responses and visits; the same on every run."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from revisit.findings.evidence import Evidence
from revisit.findings.statistics.intervals import LEVEL, Interval, mover, wilson
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Answer, Mode, Response
from revisit.records.survey import Choice, Privacy, Question, Section, Survey, Targets
from revisit.records.visits import Attempt, Outcome, Settled, Settlement, Visit

CUTOFF = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
FORM_HASH = "f" * 16
FIVE = tuple(Choice(str(value), str(value)) for value in range(1, 6))
ELEVEN = tuple(Choice(str(value), str(value)) for value in range(11))
WEIGHTS = {"speed": 0.2, "attitude": 0.2, "quality": 0.3, "price": 0.15, "channel": 0.15}


def newcombe(now: tuple[int, int], before: tuple[int, int], *, level: float = LEVEL) -> Interval | None:
    """Give Newcombe's interval of a difference of shares (successes, n), put together from the program's own parts."""
    new, old = wilson(*now, level=level), wilson(*before, level=level)
    if new is None or old is None:
        return None
    return mover(now[0] / now[1], new, before[0] / before[1], old)


def scale(name: str, dimension: str | None = None, *, reverse: bool = False, points: int = 5) -> Question:
    """Give a satisfaction question."""
    choices = tuple(Choice(str(value), str(value)) for value in range(1, points + 1))
    return Question(name, "satisfaction", name, choices=choices, dimension=dimension, reversed=reverse)


def make_survey(questions: Iterable[Question], **settings: object) -> Survey:
    """Give a survey of one section."""
    privacy = Privacy("Example Motors", "privacy@example.com", "to improve", "24 months")
    base = Survey(
        "repair",
        "en",
        "Repair",
        (Section("all", "All", tuple(questions)),),
        privacy,
        form_hash=FORM_HASH,
        text_hash="e" * 16,
    )
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__} | settings
    return Survey(**fields)


REPAIR = make_survey(
    [
        scale("on_time", "speed"),
        scale("polite", "attitude"),
        scale("mended", "quality"),
        scale("tidy", "quality"),
        scale("price_fair", "price"),
        scale("easy_contact", "channel"),
        scale("overall"),
        Question(
            "fixed",
            "choice",
            "Fixed?",
            choices=(Choice("yes", "Yes"), Choice("partly", "Partly"), Choice("no", "No")),
        ),
        Question("recommend", "nps", "Recommend?", choices=ELEVEN),
        Question("comment", "text", "What should we have done better?"),
    ],
    weights=WEIGHTS,
    targets=Targets(csi=80, satisfied=0.9, fixed=0.85, coverage=1.0, response=0.3),
)


def made_organisation(
    stations: Sequence[str] = ("harbour", "hillside", "lakeside", "north", "riverside"),
) -> Organisation:
    """Give a headquarters with stations below it."""
    root = Unit("network", "network", "headquarters", "Example Motors", timezone="Asia/Shanghai")
    below = (Unit(name, f"network/{name}", "station", name.title(), timezone="Asia/Shanghai") for name in stations)
    return Organisation((root, *below))


def response(
    name: str,
    answers: dict[str, Answer],
    *,
    unit: str = "network/lakeside",
    day: date = date(2026, 8, 3),
    mode: Mode = "web",
    visit_id: str | None = None,
    sample: bool = False,
) -> Response:
    """Give one response, received at the noon after its day."""
    received = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
    return Response(
        name,
        "abc",
        "repair",
        "en",
        FORM_HASH,
        "t" * 16,
        unit,
        day,
        received,
        mode,
        answers,
        "b",
        visit_id,
        sample=sample,
    )


def answered(**values: int | str) -> dict[str, Answer]:
    """Give answers with these values."""
    return {name: Answer("answered", value) for name, value in values.items()}


def records(evidence: Evidence) -> list[Response]:
    """Give the answers of made evidence, which holds records and no plain rows."""
    return [one for one in evidence.responses if isinstance(one, Response)]


def scored(values: Sequence[int], question: str = "overall", **where: object) -> list[Response]:
    """Give one response for each value of one question."""
    return [response(f"r{place:05}", answered(**{question: value}), **where) for place, value in enumerate(values)]  # type: ignore[arg-type]


def visit(
    name: str,
    *,
    unit: str = "network/lakeside",
    day: date = date(2026, 8, 3),
    outcomes: Sequence[Outcome] = (),
    settled: tuple[Settled, str] | None = None,
) -> Visit:
    """Give the visit of one order: due the day after, expired fifteen days later."""
    due = datetime(day.year, day.month, day.day, 2, tzinfo=UTC) + timedelta(days=1)
    attempts = tuple(Attempt(due + timedelta(hours=place), "email", what) for place, what in enumerate(outcomes))
    end = Settlement(settled[0], due + timedelta(days=2), "staff", settled[1]) if settled else None
    return Visit(name, f"o-{name}", "repair", unit, day, due, due + timedelta(days=15), attempts=attempts, settled=end)


_LIKELY = {"speed": (2, 4, 11, 38, 45), "attitude": (1, 2, 7, 35, 55), "quality": (3, 5, 12, 35, 45)}
_USUAL = (4, 7, 17, 40, 32)


def made_answers(chance: random.Random, *, worse: bool = False) -> dict[str, Answer]:
    """Draw one customer's answers: some price questions not asked, a few blank or not applicable."""
    answers: dict[str, Answer] = {}
    for question in REPAIR.questions:
        if question.is_scale:
            likely = list(_LIKELY.get(question.dimension or "", _USUAL))
            if worse and question.dimension == "quality":
                likely = [10, 14, 24, 32, 20]
            answers[question.id] = Answer("answered", chance.choices((1, 2, 3, 4, 5), likely)[0])
    if chance.random() < 0.35:
        answers["price_fair"] = Answer("not_asked")
    if chance.random() < 0.06:
        answers["tidy"] = Answer("na")
    if chance.random() < 0.04:
        answers["easy_contact"] = Answer("blank")
    answers["fixed"] = Answer("answered", chance.choices(("yes", "partly", "no"), (84, 11, 5))[0])
    answers["recommend"] = Answer("answered", chance.choices(range(11), (1, 0, 1, 1, 2, 4, 5, 12, 24, 26, 24))[0])
    answers["comment"] = Answer("blank")
    return answers


def _fate(chance: random.Random, name: str, unit: str, day: date) -> Visit:
    what = chance.choices(
        ("silent", "untried", "declined", "unreachable", "internal", "no_contact"), (60, 8, 8, 10, 6, 4)
    )[0]
    if what == "untried":
        return visit(name, unit=unit, day=day)
    if what == "internal":
        return visit(name, unit=unit, day=day, settled=("excluded", "internal_order"))
    if what == "no_contact":
        return visit(name, unit=unit, day=day, settled=("excluded", "no_contact"))
    if what == "declined":
        return visit(name, unit=unit, day=day, outcomes=("sent",), settled=("declined", ""))
    if what == "unreachable":
        bounced: Sequence[Outcome] = ("bounced",) if chance.random() < 0.4 else ("sent", "no_answer")
        return visit(name, unit=unit, day=day, outcomes=bounced, settled=("unreachable", ""))
    return visit(name, unit=unit, day=day, outcomes=("sent",))


def made_evidence(unit_id: str = "network", word: str = "2026-Q3", seed: int = 7) -> Evidence:
    """Make fourteen months of one network: five stations, one of them small and one worse in quality of late."""
    chance = random.Random(seed)  # noqa: S311 — made-up customers, not secrets
    organisation = made_organisation()
    responses: list[Response] = []
    visits: list[Visit] = []
    sizes = {"harbour": 30, "hillside": 24, "lakeside": 36, "north": 3, "riverside": 40}
    number = 0
    for month in Period.parse(word).months(15):
        for station, size in sizes.items():
            for _ in range(size):
                number += 1
                day = month.first + timedelta(days=chance.randrange(month.days))
                unit, name = f"network/{station}", f"v{number:05}"
                if chance.random() < 0.5:
                    worse = station == "lakeside" and month.first >= date(2026, 7, 1)
                    mode: Mode = "phone" if chance.random() < 0.15 else "web"
                    answers = made_answers(chance, worse=worse)
                    responses.append(response(f"r{name}", answers, unit=unit, day=day, mode=mode, visit_id=name))
                    visits.append(visit(name, unit=unit, day=day, outcomes=("sent",)))
                else:
                    visits.append(_fate(chance, name, unit, day))
        for poster in range(4):
            day = month.first + timedelta(days=chance.randrange(month.days))
            responses.append(
                response(f"q{number}{poster}", made_answers(chance), unit="network/harbour", day=day, mode="qr")
            )
    unit_found = organisation.unit(unit_id)
    assert unit_found is not None
    return Evidence(REPAIR, organisation, unit_found, Period.parse(word), CUTOFF, responses, visits)
