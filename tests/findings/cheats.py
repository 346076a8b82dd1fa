"""A made-up month of answers with honest customers and cheating staff: who cheated is known."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from revisit.records.responses import Answer, Response
from revisit.records.tags import Tag
from tests.findings.samples import REPAIR, made_answers, made_organisation, response

FIRST, DAYS = date(2026, 9, 1), 30
STATIONS = tuple(f"s{place:02}" for place in range(20))
ORGANISATION = made_organisation(STATIONS)
PHONES = 120  # models and browser versions that customers use; the commonest is one in nine
POPULAR = [1 / (place + 2) for place in range(PHONES)]
CARRIER = 60  # addresses that a carrier shares among all its customers of the region
WORDS = (
    "很好",
    "谢谢师傅",
    "满意",
    "Great service",
    "Thank you very much for everything",
    "无",
    "服务很好，下次还来",
    "",
    "",
)
# Of these an honest customer strings three together: nobody writes quite what another wrote.
PARTS = (
    "空调终于凉了", "等得久了一点", "配件一周才到", "师傅很耐心", "价格能接受",
    "前台话不多", "车洗得干净", "电话打了两次",
    "取车比说好的早", "发动机声音正常了", "解释得清楚", "停车不方便",
)  # fmt: skip
SHAPES = ("office", "own_phone", "signed_in", "sitting", "copied", "hurried", "careful", "handed_over")


@dataclass
class Month:
    """Answers with their tags; ``cheated`` says which ids staff wrote, and in which way."""

    responses: list[Response] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    customers: dict[str, str] = field(default_factory=dict)
    cheated: dict[str, str] = field(default_factory=dict)


class Maker:
    """Makes one month from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 — made-up customers
        self.month = Month()
        self.number = 0

    def make(self) -> Month:
        """Make twenty outlets of 30 to 300 customers, eight of them with one cheat each."""
        for place, station in enumerate(STATIONS):
            for _ in range(self.chance.choice((30, 60, 100, 300))):
                self.customer(station)
            for _ in range(self.chance.randrange(3)):
                self.fleet(station)
            if place < len(SHAPES):
                self.cheat(station, SHAPES[place])
        return self.month

    def customer(self, station: str) -> None:
        """Add an honest one: at home, on the road, or still in the shop; a family may share phone and network."""
        device = f"phone{self.chance.choices(range(PHONES), POPULAR)[0]}"
        where = self.chance.random()
        network = (
            f"shop-{station}"
            if where < 0.06
            else f"carrier{self.chance.randrange(CARRIER)}"
            if where < 0.5
            else f"home{self.number}"
        )
        at = self.after_letter()
        who = f"c{self.number}"
        self.put(station, at, device, network, who)
        if self.chance.random() < 0.03:
            self.put(station, at + timedelta(minutes=self.chance.randrange(3, 600)), device, network, f"{who}-wife")

    def fleet(self, station: str) -> None:
        """Add somebody who answers for all machines of one firm in one go, from one desk."""
        at, who = self.after_letter(), f"firm{self.number}"
        for machine in range(self.chance.randrange(3, 9)):
            self.put(station, at + timedelta(minutes=4 * machine), f"desk-{who}", f"office-{who}", who)

    def after_letter(self) -> datetime:
        """Give when somebody answers a letter of ten in the morning: many at once, the others over three days."""
        sent = datetime(2026, 9, 1, 2, tzinfo=UTC) + timedelta(days=self.chance.randrange(DAYS))
        minutes = self.chance.expovariate(1 / 25) if self.chance.random() < 0.4 else self.chance.randrange(60 * 60)
        return sent + timedelta(minutes=minutes)

    def cheat(self, station: str, shape: str) -> None:
        """Add twelve answers to fourteen that staff wrote in one way."""
        count = self.chance.randrange(12, 15)
        start = datetime(2026, 9, 28, 7, tzinfo=UTC) + timedelta(minutes=self.chance.randrange(600))
        for place in range(count):
            spread = datetime(2026, 9, 1, 1, tzinfo=UTC) + timedelta(minutes=self.chance.randrange(DAYS * 1440 - 600))
            at = start + timedelta(minutes=self.chance.uniform(1.0, 5.0) * (place + 1))
            device, network = f"pc-{station}", f"shop-{station}"
            seconds: float | None = None
            words: str | None = None
            if shape == "own_phone":  # on mobile data, whose address changes
                device, network = f"adviser-{station}", f"carrier{self.chance.randrange(CARRIER)}"
            elif shape == "signed_in":
                at = spread
            elif shape == "sitting":  # several phones in turn, one network
                device = f"phone{self.chance.randrange(6)}"
            elif shape == "copied":
                device, network, at = f"phone{place}", f"carrier{place}", spread
                words = "师傅技术非常好，服务态度热情，下次还会再来，推荐给朋友"
            elif shape == "hurried":
                device, network, at, seconds = f"phone{place + 9}", f"carrier{place}", spread, self.chance.uniform(3, 8)
            elif shape == "careful":
                at = spread
            elif shape == "handed_over":  # the customer's own phone, with the adviser's finger on it
                device, network, at = f"phone{place + 20}", f"home-{self.number}", spread
            name = self.put(station, at, device, network, f"c{self.number}", seconds=seconds, words=words, pleased=True)
            self.month.cheated[name] = shape
            if shape == "signed_in":
                self.month.responses[-1] = replace(self.month.responses[-1], flags=("desk",))

    def put(
        self,
        station: str,
        at: datetime,
        device: str,
        network: str,
        customer: str,
        *,
        seconds: float | None = None,
        words: str | None = None,
        pleased: bool = False,
    ) -> str:
        """Add an answer with its tags; gives its id."""
        self.number += 1
        name, unit = f"r{self.number:05}", f"network/{station}"
        answers = made_answers(self.chance)
        if pleased:
            answers |= {question.id: Answer("answered", 5) for question in REPAIR.questions if question.is_scale}
        said = "，".join(self.chance.sample(PARTS, 3)) if self.chance.random() < 0.25 else self.chance.choice(WORDS)
        written = said if words is None else words
        answers["comment"] = Answer("answered", written) if written else Answer("blank")
        duration = max(14.0, self.chance.lognormvariate(4.3, 0.55)) if seconds is None else seconds
        made = response(name, answers, unit=unit, day=min(at.date(), date(2026, 9, 30)), visit_id=f"v{name}")
        self.month.responses.append(replace(made, received_at=at, duration=duration))
        self.month.tags.append(Tag(name, unit, at, "web", device, network, f"v{name}"))
        self.month.customers[f"v{name}"] = customer
        return name


def months(seeds: range) -> Iterator[Month]:
    """Make a month for each seed."""
    for seed in seeds:
        yield Maker(seed).make()
