"""Months that are too small to be shown: their quarter stands for them, drawn and named as what it is."""

from collections.abc import Callable
from typing import Any

import pytest

from revisit.flows.reporting.report_data import part_of
from revisit.records.survey import LANGUAGES
from revisit.reports.charts import Charts, Point
from revisit.reports.orders import Order
from revisit.reports.palette import DEFAULT, palette
from revisit.reports.report import make_report
from tests.reports.test_parts import parted

SQUARES = {"en": "square: a quarter", "zh-Hans": "方块为一个季度", "zh-Hant": "方塊為一季"}
QUARTERS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
NAMED = {"en": "Q1 2026", "zh-Hans": "2026年第1季度", "zh-Hant": "2026年第1季"}


def small(findings: dict[str, Any], *quarters: str) -> dict[str, Any]:
    """Hide the months of some quarters and give the quarters instead."""
    findings["quarters"] = []
    months = {f"{name[:4]}-{3 * int(name[-1]) - place:02}" for name in quarters for place in range(3)}
    for metric in dict.fromkeys(row["metric"] for row in findings["trend"]):
        for row in findings["trend"]:
            if row["metric"] == metric:
                row.update({"centre": None, "lower": None, "upper": None, "signal": None})
                row.update(dict.fromkeys(("n", "value", "low", "high")) if row["period"] in months else {})
        found = {"metric": metric, "series": 0, "n": 24, "value": 81.0, "low": 72.0, "high": 88.0}
        findings["quarters"] += [found | {"period": name} for name in quarters]
    return findings


@pytest.mark.parametrize("language", LANGUAGES)
def test_quarters_are_drawn_where_no_month_may_be_shown(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    small(findings, *QUARTERS)
    report = make_report(order(language))
    trend = report.comparison.trend
    assert trend is not None
    assert SQUARES[language] in trend.caption
    assert len(report.comparison.multiples) == len(report.dimensions.rows) - 1
    said = trend.charts[0].description.replace("\u2009", "")
    assert said.count("81") == len(QUARTERS)
    assert NAMED[language].replace(" ", "") in said.replace(" ", "")
    gaps = {"en": "gap:", "zh-Hans": "空缺", "zh-Hant": "空缺"}
    assert gaps[language] not in trend.caption


def test_a_quarter_stands_beside_the_months_that_are_shown(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    small(findings, "2026-Q1")
    trend = make_report(order()).comparison.trend
    assert trend is not None
    assert "Q1 2026 81 (72–88)" in trend.charts[0].description
    assert "Jan 2026" not in trend.charts[0].description
    assert "Dec" in trend.charts[0].svg


def test_one_quarter_alone_is_no_series(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    small(findings, *QUARTERS)
    findings["quarters"] = [row for row in findings["quarters"] if row["period"] == "2026-Q2"]
    assert make_report(order()).comparison.trend is None


def test_the_quarters_of_a_part_are_drawn_too(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    report = parted(order, small(findings, *QUARTERS), 2)
    assert report.regions is not None
    assert SQUARES["en"] in report.regions.multiples_caption
    assert len(report.regions.multiples) == 2
    assert part_is_kept_with_its_quarters(findings)


def part_is_kept_with_its_quarters(findings: dict[str, Any]) -> bool:
    return bool(part_of(findings)["quarters"])


def test_a_quarter_is_a_square_over_its_months_that_no_line_joins() -> None:
    charts = Charts("Noto Sans CJK SC", palette(DEFAULT))
    gap = Point("", None, None, None, "", together=True)
    quarter = Point("Q1", 70.0, 60.0, 80.0, "70", together=True)
    month = Point("Apr", 75.0, 70.0, 80.0, "75")
    svg = charts.series("x", "words", [gap, quarter, gap, month]).svg
    assert svg.count("<circle") == 1
    assert svg.count('width="9"') == 1
    one, other = charts.series("x", "words", [month, month]), charts.series("x", "words", [quarter, month])
    assert one.svg.count("<circle") == 2
    assert other.svg.count("<circle") == 1
