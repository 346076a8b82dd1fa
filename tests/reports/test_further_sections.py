"""Sections that only some findings have: outlets, groups, causes, drivers, trust, regions; and what is held back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from revisit.records.survey import LANGUAGES, Choice, Question, Section
from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.palette import DEFAULT, palette
from revisit.reports.report import make_report
from tests.reports.test_parts import parted

FUNNEL = {"low_95": 0.7, "high_95": 0.9, "low_99_8": 0.6, "high_99_8": 0.95}


def outlet(name: str, n: int, share: float, flag: str | None = None) -> dict[str, Any]:
    csat = {"n": n, "value": share, "low": share - 0.1, "high": min(1.0, share + 0.05), "flag": None, "funnel": FUNNEL}
    drawn = {"value": 78.0, "low": 70.0, "high": 84.0}
    return {
        "unit": name,
        "path": f"network/r/{name}",
        "name": name,
        "n": n,
        "score": 100 * share,
        "flag": flag,
        "low": 100 * share - 5,
        "high": 100 * share + 4,
        "shrunken": drawn,
        "csat": csat,
    }


def outlets(rows: list[dict[str, Any]], tested: int = 8, differ: float | None = 0.001) -> dict[str, Any]:
    hidden = {"unit": "tiny", "path": "network/r/tiny", "name": "Tiny", "n": None, "score": None, "flag": None}
    overall = {"units": tested, "centre": 79.4, "differ": differ}
    return {"units": [*rows, hidden | {"csat": None}], "comparison": {"metrics": {"overall": overall}}}


def test_it_marks_outlets_by_tests_alone_and_in_the_order_of_the_organisation(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    rows = [outlet("Zeta", 60, 0.9, "above"), outlet("Alpha", 80, 0.6, "materially_below"), outlet("Beta", 70, 0.8)]
    rows[1]["csat"]["flag"] = "below"
    findings["outlets"] = outlets(rows)
    found = make_report(order(kind="network")).outlets
    assert found is not None
    assert [one.name for one in found.marked] == ["Zeta", "Alpha"]
    assert found.marked[1].said == "below, by more than what the survey calls small"
    assert found.takeaway.endswith("by more than chance explains: Alpha (60). Above it: Zeta (90).")
    assert found.differ == "Taken together, the outlets differ more than chance would make them."
    assert found.withheld.startswith("1 outlet is not shown")
    assert found.chart is not None
    assert "Tiny" not in found.chart.svg
    assert found.chart.svg.count('Z"') == 1  # a triangle for the one whose share, which is drawn, is marked
    assert ["Alpha</text>" in found.chart.svg, "Zeta</text>" in found.chart.svg] == [True, False]
    assert "Number of answers" in found.chart.svg


def test_it_says_that_outlets_do_not_differ_and_that_few_were_not_tested(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["outlets"] = outlets([outlet("Alpha", 60, 0.8)], differ=0.4)
    found = make_report(order(kind="network")).outlets
    assert found is not None
    assert found.differ == "Taken together, the outlets do not differ more than chance would make them."
    assert found.takeaway == "None of the outlets is shown to differ from the others."
    findings["outlets"] = outlets([outlet("Alpha", 60, 0.8)], tested=0, differ=None)
    found = make_report(order(kind="network")).outlets
    assert found is not None
    assert found.takeaway.startswith("The outlets were not tested against each other")
    assert found.differ == ""


def test_it_has_no_outlets_beside_those_that_are_its_children(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    found = outlets([outlet("Alpha", 60, 0.8)])
    for row in found["units"]:
        row["path"] = findings["units"][0]["path"]
    findings["outlets"] = found
    assert make_report(order(kind="network")).outlets is None


def difference(value: float, low: float, high: float, verdict: str) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "verdict": verdict, "p": 0.5}


def test_it_calls_a_difference_of_groups_one_only_where_the_test_says_so(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    figure = {"n": 80, "value": 77.0, "low": 73.0, "high": 81.0}
    share = {"n": 80, "value": 0.8, "low": 0.7, "high": 0.9}
    rows = [
        {"value": "customer", "n": 80, "overall": figure, "csat": share, "fixed": share}
        | {"difference": difference(-7.0, -11.0, -3.0, "down")},
        {"value": "warranty", "n": 80, "overall": figure, "csat": share, "fixed": None}
        | {"difference": difference(4.0, 0.5, 7.5, "none")},
    ]
    findings["splits"] = [{"fact": "payer", "rows": rows}]
    findings["modes"], findings["mode_effect"] = {}, None
    found = make_report(order(kind="network")).splits
    assert found is not None
    assert found.takeaway == "Paid by the customer: 7 points less satisfied than the others."
    assert [row.difference for row in found.splits[0].rows] == ["−7 (−11 to −3)", "none shown (+1 to +8)"]
    # a figure that one group lacks is shown of none
    assert found.splits[0].columns == ("Overall satisfaction (0–100)", "Satisfied")
    rows[0]["difference"] = difference(-7.0, -11.0, 3.0, "none")
    found = make_report(order(kind="network")).splits
    assert found is not None
    assert found.takeaway == "No group is shown to differ from the others."


def with_reasons(order: Order) -> Order:
    """Give the survey a question for reasons after a low answer on speed."""
    choices = tuple(Choice(code, code.title()) for code in ("parts", "waiting", "queue", "other"))
    asked = Question("why_slow", "choices", "What took so long?", choices=choices)
    sections = (*order.survey.sections, Section("why", "Why", (asked,)))
    return replace(order, survey=replace(order.survey, sections=sections))


def reason(code: str, count: int, low: float, high: float, cumulative: float) -> dict[str, Any]:
    return {"code": code, "count": count, "value": count / 60, "low": low, "high": high, "cumulative": cumulative}


def test_it_names_the_commonest_reason_only_where_its_interval_carries_that(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    options = [
        *(reason("parts", 40, 0.54, 0.77, 0.5), reason("waiting", 20, 0.23, 0.46, 0.75)),
        *(reason("queue", 12, 0.12, 0.32, 0.9), reason("other", 8, 0.07, 0.24, 1.0)),
    ]
    block = {"question": "why_slow", "dimension": "speed", "n": 60, "base": "full", "named": 80, "options": options}
    findings["reasons"] = [block]
    found = make_report(with_reasons(order())).causes.reasons[0]
    assert found.wording == "What took so long?"
    assert found.takeaway == "The commonest reason is “Parts”."
    assert found.base == "Asked after a low answer; 60 customers named a reason, 80 in all."
    assert found.chart is not None
    assert "Parts 40, 67%" in found.chart.description
    assert found.chart.svg.count(palette(DEFAULT).brand) == 1
    options[0] |= {"low": 0.3}
    options[1] |= {"high": 0.6}
    found = make_report(with_reasons(order())).causes.reasons[0]
    assert found.takeaway == "No reason stands out from the others."
    assert found.chart is not None
    assert palette(DEFAULT).brand not in found.chart.svg  # so no bar stands out either
    block |= {"n": None, "base": "hidden", "named": None, "options": None}
    findings["suppressed"].append({"path": "reasons.why_slow", "reason": "fewer_than_10"})
    found = make_report(with_reasons(order())).causes.reasons[0]
    assert (found.chart, found.takeaway, found.base) == (None, "", "")
    assert found.withheld == "fewer than 10 answers"


def test_it_prints_repeated_faults_by_model_with_their_rule(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    share = {"n": 200, "value": 0.05, "low": 0.03, "high": 0.09, "repeated": 10}
    findings["repeats"] = share | {"within": 90, "unknown": 3, "models": [share | {"model": "X5"}]}
    found = make_report(order(kind="network")).causes.repeats
    assert found is not None
    assert found.takeaway.startswith(
        "10 of 200 repairs were for a fault that the same vehicle or machine had had before: 5"
    )
    assert [(row.name, row.share, row.total) for row in found.rows] == [
        ("X5", "5.0%", False),
        ("All together", "5.0%", True),
    ]
    assert found.rule.endswith("3 repairs without a plate or symptom are left out.")


def drivers(**changed: Any) -> dict[str, Any]:
    row = {"share": 0.1, "score": 80.0, "leading": True, "quadrant": "keep_up", "fix_first": False}
    rows = {name: dict(row) for name in ("speed", "attitude", "quality", "price", "channel")}
    return {"n": 449, "r2": 0.43, "separable": True, "dimensions": rows} | changed


def test_it_says_of_drivers_no_more_than_the_findings_do(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    def told() -> str:
        found = make_report(order()).drivers
        assert found is not None
        return f"{found.takeaway} {found.meaning}".strip()

    findings["drivers"] = drivers()
    assert told().startswith("No dimension goes together with overall satisfaction more closely than the others.")
    findings["drivers"]["dimensions"]["price"]["fix_first"] = True
    assert told() == "Price: rated low and closely tied to the whole; begin there."
    findings["drivers"] = drivers(separable=False)
    assert told().startswith("The dimensions move together so closely that no single one can be told apart.")
    found = make_report(order()).drivers
    assert found is not None
    assert found.chart is None
    findings["drivers"] = drivers(n=None)
    assert make_report(order()).drivers is None


def test_it_says_how_far_the_figures_can_be_trusted(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["integrity"] = {"n": 200, "doubtful": 0, "burst": {"last_days": 4, "n": 200, "p": 0.4}, "without": None}
    findings["nonresponse"] = {"variables": {"unit": {"chi2": 1.0, "df": 2, "p": 0.6, "v": 0.02}}}
    findings["weighted"] = findings["standardised"] = None
    for block in findings["dimensions"].values():
        block["alpha"] = None
    found = make_report(order()).trust
    assert found is not None
    assert found.takeaway == "Nothing was found that would make the figures doubtful."
    assert [check.name for check in found.checks] == ["Response", "Who is missing", "Doubtful answers"]
    checks = {"desk": {"n": 200, "count": 14}, "same_device": {"n": 0, "count": None}}
    findings["integrity"] |= {"checks": checks, "doubtful": 14, "without": {"csi": {"value": 74.2}}}
    findings["integrity"]["burst"] = {"last_days": 90, "n": 200, "p": 0.0001}
    findings["nonresponse"]["variables"]["unit"] |= {"p": 0.001, "v": 0.3}
    findings["dimensions"]["quality"]["alpha"] = 0.55
    found = make_report(order()).trust
    assert found is not None
    marked = "Read with care: Who is missing, Doubtful answers, A rush before the end, and Questions."
    assert found.takeaway == marked
    doubtful = next(check.found for check in found.checks if check.name == "Doubtful answers")
    assert doubtful == (
        "14 of 200 answers are doubtful. Looked at: sent from a browser signed in to the desk: 14. "
        "Not recorded, so not looked at: one device for many customers."
    )
    assert "without them 74.2" in " ".join(check.meaning for check in found.checks)


@pytest.mark.parametrize(
    ("reason", "headline", "why"),
    [
        ("fewer_than_10", "Too few answers for a finding: fewer than 10", "Fewer than 10 customers answered"),
        (
            "protects_another",
            "The figures are held back to protect a smaller group",
            "There are answers enough, but with these figures",
        ),
    ],
)
def test_it_says_why_nothing_is_shown_and_draws_no_empty_chart(
    order: Callable[..., Order], findings: dict[str, Any], reason: str, headline: str, why: str
) -> None:
    findings["responses"]["n"] = 7 if reason == "fewer_than_10" else 40
    nothing: dict[str, Any] = {
        "n": None,
        "value": None,
        "score": None,
        "low": None,
        "high": None,
        "met": None,
        "change": None,
    }
    nothing |= {"base": "hidden", "top2": dict.fromkeys(("n", "value", "low", "high")), "distribution": None}
    nothing |= {"mean": None, "na": None, "blank": None, "invalid": None, "not_asked": None, "alpha": None}
    findings["suppressed"] = [{"path": name, "reason": reason} for name in ("csi", "csat", "fixed", "nps")]
    for name in ("csi", "csat", "fixed", "nps"):
        findings[name] |= nothing
    for block in (*findings["items"].values(), *findings["dimensions"].values()):
        block.update(nothing)
    findings["trend"], findings["proposals"], findings["units"] = [], [], []
    report = make_report(order())
    assert report.cover.headline == headline
    assert [one.text.startswith(why) for one in report.cover.findings] == [True]
    assert report.trust is None
    page = draw_pages(report)
    assert 'id="chart-dimensions"' not in page
    assert "Question by question" not in page
    assert "Every closed order is accounted for" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_draws_the_range_of_chance_where_there_is_one(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    without = make_report(order(language)).dimensions
    assert without.band == ""
    band = {"outlets": 9, "centre": 78.0, "low": 74.0, "high": 82.0}
    findings["expected"] = {"unit": "network", "dimensions": {"speed": band}}
    found = make_report(order(language)).dimensions
    assert "95" in found.band
    assert found.chart.svg.count("<rect") == without.chart.svg.count("<rect") + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_explains_only_the_marks_that_are_drawn_and_names_months_in_its_language(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    for row in findings["trend"]:
        row |= {"signal": None, "centre": None, "lower": None, "upper": None, "series": 0}
    findings["csi"]["target"] = None
    plain = make_report(order(language)).comparison.trend
    assert plain is not None
    marks = {"en": "triangle", "zh-Hans": "三角", "zh-Hant": "三角"}
    seams = {"en": "upright line", "zh-Hans": "竖线", "zh-Hant": "直線"}
    assert marks[language] not in plain.caption
    assert seams[language] not in plain.caption
    assert not any(f"{row['period']}" in plain.charts[0].svg for row in findings["trend"])
    assert {"en": "Oct 2025", "zh-Hans": "2025年10月", "zh-Hant": "2025年10月"}[language] in plain.charts[0].svg
    rows = [row for row in findings["trend"] if row["metric"] == "csi"]
    for row in rows[6:]:
        row["series"] = 1
    rows[-1]["signal"] = "outside"
    other = make_report(order(language)).comparison.trend
    assert other is not None
    assert marks[language] in other.caption
    assert seams[language] in other.caption


def test_it_says_what_the_base_of_the_coverage_is_made_of(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    coverage = findings["coverage"]
    coverage["not_asked"] = 4
    found = make_report(order()).answered.eligible
    n = coverage["coverage"]["n"]
    wanted = f"{n} = {coverage['attempted']} attempted + {coverage['never_tried']} never tried + 4 left out"
    assert wanted in found
    coverage["not_asked"] = 0
    assert make_report(order()).answered.eligible == ""


def test_it_does_not_deny_a_gap_beside_weights_that_move_the_score(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    for one in findings["nonresponse"]["variables"].values():
        if one:
            one |= {"p": 0.5, "v": 0.01}
    weighed = {"value": 74.0, "low": 71.0, "high": 77.0}
    for matters, said in ((True, "each by itself. Together they move the score"), (False, "No sign of a gap")):
        findings["weighted"] = {"n": 200, "weighted": weighed, "unweighted": weighed | {"value": 78.0}}
        findings["weighted"]["matters"] = matters
        found = make_report(order()).trust
        assert found is not None
        assert said in next(check.meaning for check in found.checks if check.name == "Who is missing")


def test_it_says_that_visits_are_still_open_instead_of_that_there_are_none(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    coverage = findings["coverage"]
    due = coverage["due"]
    coverage |= dict.fromkeys(("answered", "declined", "unreachable", "excluded", "expired", "attempted"), 0)
    coverage |= {"open": due, "never_tried": 0, "not_asked": 0}
    nothing = {"n": 0, "value": None, "low": None, "high": None, "met": None}
    coverage["coverage"] |= nothing
    coverage["response_rate"] |= nothing
    findings["suppressed"] = [
        {"path": f"coverage.{name}", "reason": "no_visits"} for name in ("coverage", "response_rate")
    ]
    report = make_report(order("zh-Hans"))
    assert [rate.value for rate in report.answered.rates[:2]] == ["回访都还在进行"] * 2
    assert report.cover.tiles[3].interval == "回访都还在进行"


def test_it_draws_the_groups_of_a_network_in_every_language(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["outlets"] = outlets([outlet("Alpha", 60, 0.8), outlet("Beta", 70, 0.6, "below")])
    for language in LANGUAGES:
        page = draw_pages(parted(order, findings, 3, language=language))
        assert 'id="chart-funnel-outlets"' in page
        assert 'id="chart-steps-1"' in page
        assert page.count("<section") == page.count("</section>")
        assert "%%" not in page
