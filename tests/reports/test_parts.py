"""The parts of a network beside each other: their visits, their months on the same axes, and what is said of them."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import Report, make_report


def parted(order: Callable[..., Order], findings: dict[str, Any], count: int, **changed: Any) -> Report:
    """Make a network report of so many parts, each with the same findings."""
    parts = []
    for number in range(count):
        part = deepcopy(findings)
        part["unit"] = {"id": f"p{number}", "path": f"network/p{number}", "name": f"Part {number}", "kind": "region"}
        parts.append(part)
    return make_report(order(kind="network", parts=parts, **changed))


def test_it_shows_the_visits_and_months_of_each_part(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    found = parted(order, findings, 3).regions
    assert found is not None
    assert len(found.steps) == 1
    assert "Part 2" in found.steps[0].svg
    never = findings["coverage"]["never_tried"]
    assert found.steps_say.startswith(f"{3 * never} visits were never tried: Part 0 {never}, ")
    assert [one.name for one in found.multiples] == ["Part 0", "Part 1", "Part 2"]


def months(findings: dict[str, Any], shown: int) -> dict[str, Any]:
    """Give findings of which only so many months, the last ones, may be shown."""
    made = deepcopy(findings)
    rows = [row for row in made["trend"] if row["metric"] == "csi"]
    made["trend"] = rows
    for row in rows[: len(rows) - shown]:
        row |= {"n": None, "value": None, "low": None, "high": None}
    for row in rows:
        row |= {"centre": None, "lower": None, "upper": None, "signal": None}
    return made


def test_it_draws_all_parts_over_the_same_months_and_names_those_it_cannot_draw(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    count = sum(row["metric"] == "csi" for row in findings["trend"])
    parts = [months(findings, shown) for shown in (count, 3, 1)]
    for name, part in zip(("Lakeside", "Harbour", "Airport"), parts, strict=True):
        part["unit"] |= {"id": name, "path": f"network/{name}", "name": name}
    page = make_report(order(kind="network", parts=parts)).regions
    assert page is not None
    assert [one.name for one in page.multiples] == ["Lakeside", "Harbour"]
    assert ["Oct 2025" in one.chart.svg for one in page.multiples] == [True, True]
    assert "gap: a month with too few answers" in page.multiples_caption
    assert page.multiples_say == (
        "Too few months may be shown to judge single ones: that takes twelve. "
        "Without a chart, as fewer than two of their months may be shown: Airport."
    )


def test_it_says_beside_the_parts_that_so_few_were_not_tested(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    for language, said in (("en", "at least five"), ("zh-Hans", "至少要有五个"), ("zh-Hant", "至少要有五個")):
        report = parted(order, findings, 2, language=language)
        assert report.network is not None
        assert said in report.network.untested
        assert report.network.untested.split("\u2009")[0][:12] in draw_pages(report)
    findings["units"][0]["p"] = 0.2
    report = parted(order, findings, 2)
    assert report.network is not None
    assert report.network.untested == ""


def test_it_draws_of_sixty_parts_only_those_whose_months_signal_a_change(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    for row in findings["trend"]:
        row["signal"] = None
    found = parted(order, findings, 60).regions
    assert found is not None
    assert found.multiples == ()
    assert found.steps == ()  # a page has room for twenty-four lines; the table has the same figures
    assert found.steps_say.endswith("in 60 parts.")
    row = next(row for row in findings["trend"] if row["metric"] == "csi" and row["value"] is not None)
    row["signal"] = "outside"
    found = parted(order, findings, 60).regions
    assert found is not None
    assert len(found.multiples) == 12
