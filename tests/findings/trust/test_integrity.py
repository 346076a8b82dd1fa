"""Who cheated is known in a made-up month: what is found of it, and what is suspected wrongly."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from revisit.findings.counts.columns import gather
from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.findings.trust.copies import repeated
from revisit.findings.trust.integrity import checks
from revisit.findings.trust.quality import identical, speeding
from revisit.findings.trust.tagging import candidates, shared
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from revisit.records.tags import Tag
from tests.findings.cheats import ORGANISATION, SHAPES, Month, months
from tests.findings.samples import CUTOFF, REPAIR, answered, response
from tests.findings.test_summary import check, of

PAGE = (Path(__file__).parents[3] / "docs" / "methods.md").read_text(encoding="utf-8")
SEEDS = range(100, 104)


def marked(month: Month) -> list[Response]:
    """Give a month's answers with the marks that their tags lead to, as findings read them."""
    marks = shared(month.tags, month.customers)
    return [replace(one, flags=(*one.flags, "compared", *marks.get(one.id, ()))) for one in month.responses]


def suspected(month: Month) -> set[str]:
    rows = marked(month)
    columns = gather(rows, REPAIR)
    found = checks(columns, identical(columns) & speeding(columns), columns.unit)
    hits = np.logical_or.reduce([hit for _, hit in found.values()])
    return {one.id for one, hit in zip(rows, hits.tolist(), strict=True) if hit}


def test_the_page_states_what_is_found_on_the_seeded_months() -> None:
    right = wrong = answers = 0
    known, found = Counter[str](), Counter[str]()
    for month in months(SEEDS):
        hits = suspected(month)
        right += len(hits & month.cheated.keys())
        wrong += len(hits - month.cheated.keys())
        answers += len(month.responses)
        known.update(month.cheated.values())
        found.update(month.cheated[name] for name in hits & month.cheated.keys())
    precision, recall = right / (right + wrong), right / known.total()
    stated = (
        f"precision {precision:.2f}, recall {recall:.2f} over {answers:,} answers, {known.total()} of them by staff"
    )
    assert stated in PAGE, stated
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (\d+) of \d+ \|$", PAGE, re.MULTILINE))
    assert {shape: int(rows[shape]) for shape in SHAPES} == {shape: found[shape] for shape in SHAPES}
    assert (precision, recall) >= (0.9, 0.7)


def test_in_which_order_tags_come_makes_no_difference() -> None:
    month = next(months(range(1)))
    assert shared(reversed(month.tags), month.customers) == shared(month.tags, month.customers)


def tag(name: str, minute: float, device: str = "d", network: str = "n", **more: Any) -> Tag:
    return Tag(name, "network/lakeside", CUTOFF + timedelta(minutes=minute), "web", device, network, f"v{name}", **more)


OTHERS = [tag(f"o{place}", 60 * place, f"other{place % 40}", f"home{place}") for place in range(200)]


@pytest.mark.parametrize(
    ("tags", "customers", "marks"),
    [
        # one browser on one network, days apart: a household is none, three customers are
        ([tag("a", 0), tag("b", 3000)], {}, {}),
        ([tag("a", 0), tag("b", 3000), tag("c", 9000)], {}, dict.fromkeys("abc", ("same_device",))),
        ([tag("a", 0), tag("b", 3000), tag("c", 9000)], {"va": "x", "vb": "x", "vc": "y"}, {}),
        # a sitting: one network and several browsers, or one browser whose address changes
        (
            [tag(name, 5 * place, f"d{place}") for place, name in enumerate("abc")],
            {},
            dict.fromkeys("abc", ("same_network",)),
        ),
        (
            [tag(name, 5 * place, "d", f"n{place}") for place, name in enumerate("abc")],
            {},
            dict.fromkeys("abc", ("same_device",)),
        ),
        ([tag(name, 11 * place, "d", f"n{place}") for place, name in enumerate("abc")], {}, {}),
        # the screen at the counter is everybody's, and so is the shop's network for its poster
        (
            [
                replace(tag("a", 0), mode="kiosk"),
                replace(tag("b", 1), mode="qr"),
                replace(tag("c", 2), mode="qr"),
            ],
            {},
            {},
        ),
    ],
)
def test_sharing_counts_customers_and_not_answers(
    tags: list[Tag], customers: dict[str, str], marks: dict[str, tuple[str, ...]]
) -> None:
    assert shared([*OTHERS, *tags], customers) == marks


def test_a_telephone_that_many_have_is_no_device() -> None:
    guests = [tag(f"g{place}", 500 * place, "common", "shop") for place in range(3)]
    common = [tag(f"c{place}", 60 * place + 30, "common", f"away{place}") for place in range(100)]
    assert shared([*OTHERS, *guests], {}) != {}
    busy = [tag(f"s{place}", 300 * place + 70, f"guest{place}", "shop") for place in range(20)]
    assert shared([*OTHERS, *guests, *common, *busy], {}) == {}


def test_outlets_are_looked_at_apart() -> None:
    apart = [replace(tag(name, 4 * place), unit=f"network/{name}") for place, name in enumerate("abc")]
    assert shared([*OTHERS, *apart], {}) == {}


def test_only_customers_of_groups_are_asked_for() -> None:
    assert candidates([*OTHERS, tag("a", 0), tag("b", 1), tag("c", 2)]) >= {"va", "vb", "vc"}
    assert candidates([tag("a", 0), tag("b", 1)]) == set()


def test_the_object_tells_each_check_with_its_n_and_method() -> None:
    month = next(months(range(1)))
    station = ORGANISATION.unit("s02")
    assert station is not None
    found = check(
        summarise(Evidence(REPAIR, ORGANISATION, station, Period.parse("2026-09"), CUTOFF, marked(month), []))
    )
    desk = sum(shape == "signed_in" for shape in month.cheated.values())
    told = found["integrity"]["checks"]
    assert told["desk"] == {"n": found["responses"]["n"], "count": desk, "method": "signed_in_browser"}
    assert told["same_device"]["count"] == desk
    assert found["integrity"]["doubtful"] >= desk
    without = found["integrity"]["without"]
    assert without["csi"]["n"] == found["csi"]["n"] - found["integrity"]["doubtful"]
    assert without["csi"]["value"] < found["csi"]["value"]
    assert any(row["kind"] == "doubtful_answers" for row in found["headline"])


def test_answers_without_tags_are_not_called_clean() -> None:
    found = of([response(f"r{place}", answered(overall=4)) for place in range(20)])
    told = found["integrity"]["checks"]
    assert (told["same_device"]["n"], told["same_device"]["count"]) == (0, None)
    assert {"path": "integrity.checks.same_device", "reason": "not_recorded"} in found["suppressed"]
    assert told["repeated"] == {"n": 20, "count": 0, "method": "same_words"}


def test_less_than_a_second_for_each_question_is_no_reading() -> None:
    points = {question.id: 4 for question in REPAIR.questions if question.is_scale}
    made = [replace(response(f"r{place}", answered(**points)), duration=place) for place in range(1, 13)]
    phone = replace(made[0], id="p", mode="phone")
    columns = gather([*made, phone, replace(made[0], id="q", duration=None)], REPAIR)
    told = checks(columns, np.zeros(14, np.bool_), columns.unit)["hasty"]
    assert told[1].tolist() == [place < len(points) for place in range(1, 13)] + [False, False]
    assert told[0].sum() == 12


@pytest.mark.parametrize(
    ("words", "times", "hit"),
    [
        ("师傅技术非常好，服务态度热情，下次还会再来光顾", 3, True),
        ("师傅技术非常好，服务态度热情，下次还会再来光顾", 2, False),
        ("很好，谢谢师傅，下次再来", 5, False),
        ("They explained every line of the bill to me", 3, True),
        ("Thank you very much for everything", 5, False),
    ],
)
def test_long_words_given_again_and_again_are_copied(words: str, times: int, *, hit: bool) -> None:
    made = [
        response(f"r{place}", {"overall": Answer("answered", 1 + place % 5), "comment": Answer("answered", words)})
        for place in range(times)
    ]
    columns = gather(made, REPAIR)
    assert repeated(columns, columns.unit).tolist() == [hit] * times
