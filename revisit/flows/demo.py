"""The demo's sample: made-up orders come in as a user would bring them, and it is known who of them answers."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from random import Random

from revisit.flows.answering import answers_in
from revisit.flows.office import Office
from revisit.flows.reporting.issue_report import issue_report
from revisit.flows.visiting import intake
from revisit.flows.visiting.asking import asking, published
from revisit.flows.visiting.visits import link_of
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.reports import IssuedReport
from revisit.records.survey import Survey
from revisit.records.visits import Invitation, Poster, Visit
from revisit.visits.links import new_poster_id, poster_link
from revisit.visits.policy import due_at
from revisit.visits.sample import SEED
from revisit.visits.sample.answers import Leaning, sample_answers
from revisit.visits.sample.history import Past, answers_file, dispositions_file, past
from revisit.visits.sample.orders import SampleOrder, export, sample_orders

POSTER_ANSWERS = 10
# How the stations differ, in the order of the settings; more stations go round again.
STATIONS: tuple[float, ...] = (0.15, 0.0, 0.05, -0.15)
# The station whose work got worse in the last closed quarter, and by how much (points of 5).
DIPPED, DIP = 1, -0.65
# What goes wrong there more often than elsewhere while it lasts, by the codes of the shipped reasons.
TROUBLES: dict[str, float] = {"not_fixed": 9.0, "missed": 3.0}

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Customer:
    """Someone who will answer: where their link leads, in which language, and what they say."""

    address: str
    language: str
    answers: dict[str, str]


class Sample:
    """The sample of one workspace. It keeps the day it was first made on, however often the demo runs."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.folder = folder
        self.survey_name = office.settings.orders.survey

    @cached_property
    def made_at(self) -> datetime:
        """Give the moment the sample was first brought in, or now."""
        batches = [batch for batch in self.office.store.batches() if batch.sample]
        return min((batch.imported_at for batch in batches), default=self.office.clock())

    @property
    def today(self) -> date:
        """Give the local day to which all dates of the sample are relative."""
        return self.made_at.astimezone(self.office.settings.timezone).date()

    @property
    def quarter(self) -> Period:
        """Give the last quarter that was closed on the sample's day: the one that is reported."""
        return Period.last_closed("quarter", self.today)

    @cached_property
    def stations(self) -> list[Unit]:
        """Give the units that have nothing below them: those that repair."""
        organisation = self.office.settings.organisation
        return [unit for unit in organisation.units if not list(organisation.below(unit))]

    @property
    def dipped(self) -> Unit:
        """Give the station whose work got worse."""
        return self.stations[DIPPED % len(self.stations)]

    @cached_property
    def orders(self) -> list[SampleOrder]:
        """Give all orders of the sample, oldest first."""
        return sample_orders(self.today, self.stations)

    def check_free(self) -> None:
        """Raise CallError where the workspace holds real orders: made-up ones have no business among them."""
        real = sum(not order.sample for order in self.office.store.orders())
        if real:
            raise CallError(
                f"This workspace holds {real:,} real orders. Try Revisit in one of its own: "
                "revisit init tryout && cd tryout && revisit demo"
            )

    def imported(self, kind: str) -> bool:
        """Say whether the sample's orders or responses are in the store; a batch has no rows until it is whole."""
        return any(
            batch.sample and batch.kind == kind and batch.rows and batch.undone_at is None
            for batch in self.office.store.batches()
        )

    def write(self, name: str, content: bytes) -> Path:
        """Write one of the sample's files; gives its path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".{name}"
        aside.write_bytes(content)
        return aside.replace(self.folder / name)

    def import_orders(self, progress: Progress) -> intake.Imported:
        """Export the orders as a dealer's system would and import that file as a user would."""
        path = self.write("orders.csv", export(self.orders))
        settings = self.office.settings
        reading = intake.read(path, settings, self.office.clock())
        source = intake.Source(path.name, asking(settings, self.survey_name), sample=True)
        return intake.import_orders(self.office, reading, source, progress=progress)

    def earlier(self) -> list[Past]:
        """Give what became of the orders whose visits were over on the sample's day."""
        asked = asking(self.office.settings, self.survey_name)
        zone = self.office.settings.zone
        over = (
            order
            for order in self.orders
            if due_at(order.closed_on, asked.send_after, zone(order.station.path)) + asked.expires_after <= self.made_at
        )
        return [past(order) for order in over]

    def import_history(self, progress: Progress) -> answers_in.TakenIn:
        """Bring in what another tool knew of the earlier orders: their answers, and what became of the others."""
        earlier = self.earlier()
        answered = [
            (one, language, self.answers(one.order, language))
            for one in earlier
            if one.what == "answered"
            for language in (one.order.customer.language,)
        ]
        survey = self.survey(self.office.settings.default_language)
        questions = [question.id for question in survey.questions if question.kind not in {"statement", "contact"}]
        answers = self.write("answers.csv", answers_file(answered, questions))
        others = self.write("dispositions.csv", dispositions_file([one for one in earlier if one.what != "answered"]))
        files = answers_in.Files(answers, others)
        incoming = answers_in.read(self.office.settings, files, self.survey_name, sample=True)
        matched = answers_in.match(self.office.store, incoming, self.office.clock())
        return answers_in.take_in(self.office, incoming, matched, progress=progress)

    def survey(self, language: str) -> Survey:
        """Give the published survey in a language."""
        return published(self.office.settings, self.survey_name, language)

    def answers(self, order: SampleOrder, language: str) -> dict[str, str]:
        """Give what the customer of an order says."""
        place = self.stations.index(order.station)
        usual = STATIONS[place % len(STATIONS)]
        worse = order.station == self.dipped and self.quarter.contains(order.closed_on)
        leaning = Leaning(usual, {"quality": DIP}, TROUBLES) if worse else Leaning(usual)
        return sample_answers(self.survey(language), order.number, leaning, routine=order.kind != "repair")

    def open_links(self) -> Iterator[tuple[SampleOrder, Visit, Invitation]]:
        """Give the visits that were open on the sample's day, each with its order and its newest link."""
        store = self.office.store
        by_number = {(order.station.path, order.number): order for order in self.orders}
        visits = {
            visit.id: visit
            for visit in store.visits()
            if visit.sample and visit.settled is None and visit.due_at <= self.made_at < visit.expires_at
        }
        newest = {invitation.visit_id: invitation for invitation in store.invitations(visits)}
        for visit_id, invitation in newest.items():
            visit = visits[visit_id]
            held = store.order(visit.order_id)
            yield by_number[held.unit, held.number], visit, invitation

    def customers(self) -> list[Customer]:
        """Give those who still have to answer: about half of the open links, chosen by order number."""
        now, answered = self.office.clock(), self.office.store.answered_visits()
        return [
            Customer(
                link_of(self.office.settings, self.office.keys, invitation),
                self._language(invitation),
                self.answers(order, self._language(invitation)),
            )
            for order, visit, invitation in self.open_links()
            if answers_by_link(order.number) and visit.id not in answered and now < visit.expires_at
        ]

    def _language(self, invitation: Invitation) -> str:
        return invitation.language or self.office.settings.default_language

    def link_left_open(self) -> str:
        """Give a link that nobody has answered: the one that stays open longest; empty when all have expired."""
        now, answered = self.office.clock(), self.office.store.answered_visits()
        left = [
            (order.payer == "customer", visit.expires_at, invitation.id, invitation)
            for order, visit, invitation in self.open_links()
            if not answers_by_link(order.number) and visit.id not in answered and now < visit.expires_at
        ]
        return link_of(self.office.settings, self.office.keys, max(left)[-1]) if left else ""

    def poster(self) -> Poster:
        """Give the sample's poster at the first station; it is made when there is none."""
        store = self.office.store
        held = next((poster for poster in store.posters() if poster.sample and poster.closed_at is None), None)
        if held is None:
            held = Poster(new_poster_id(), self.stations[0].path, self.survey_name, self.office.clock(), sample=True)
            store.add_poster(held)
        return held

    def passers_by(self) -> list[Customer]:
        """Give those who still have to answer by the poster: ten in all."""
        poster, languages = self.poster(), self.office.settings.languages
        responses = self.office.store.responses(self.survey_name)
        had = sum(response.poster_id == poster.id for response in responses)
        chance = Random(SEED)  # noqa: S311  # a sample must come out the same again
        chosen = [chance.choice(languages) for _person in range(POSTER_ANSWERS)]
        return [
            Customer(
                poster_link(self.office.settings, poster),
                language,
                sample_answers(self.survey(language), f"poster {place}", Leaning(STATIONS[0])),
            )
            for place, language in enumerate(chosen)
            if place >= had
        ]

    def report(self, unit: Unit, language: str) -> IssuedReport | None:
        """Give the issued report of a unit in a language, if there is one."""
        days = (self.quarter.first, self.quarter.last)
        return next(
            (
                held
                for held in self.office.store.reports(unit.path)
                if held.sample and (held.unit, held.language, held.first, held.last) == (unit.path, language, *days)
            ),
            None,
        )

    def issue(self, unit: Unit, language: str) -> IssuedReport:
        """Issue the report of the sample's quarter for a unit."""
        office, days = self.office, (self.quarter.first, self.quarter.last)
        return issue_report(
            office.store, office.settings, self.survey_name, unit, *days, language, by=office.by, at=office.clock()
        )

    def put_report(self, unit: Unit, language: str) -> Path:
        """Lay an issued report beside the others in ``build/reports/``; gives its path."""
        issued = self.report(unit, language) or self.issue(unit, language)
        _held, content = self.office.store.report(issued.id)
        folder = self.office.settings.workspace.reports
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f".{issued.file_name}"
        aside.write_bytes(content)
        return aside.replace(folder / issued.file_name)


def answers_by_link(number: str) -> bool:
    """Say whether the customer of an order answers its open link: about every second one, by the order's number."""
    return hashlib.sha256(number.encode()).digest()[0] % 2 == 0
