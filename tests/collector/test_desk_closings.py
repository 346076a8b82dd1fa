"""What the desk says of visits that are closed: by whom, and what happened before."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from revisit.records.visits import BY_IMPORT, BY_RULE, Settlement
from tests.collector.staff import Desk
from tests.collector.test_desk_work import act, rows

DUE = datetime(2026, 10, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("settlement", "view", "said"),
    [
        (
            Settlement("excluded", DUE, BY_RULE, "internal_order"),
            "ruled",
            "Nobody closed this visit. It was left out by rule when the order came in: Internal order, no customer.",
        ),
        (
            Settlement("unreachable", DUE, f"{BY_IMPORT}2611-k4q8"),
            "brought",
            "closed by an import of what another tool had noted: Unreachable.",
        ),
        (Settlement("declined", DUE, "ming"), "settled", "This visit was closed by hand: Declined."),
    ],
)
def test_it_blames_nobody_for_what_a_rule_or_an_import_closed(
    desk: Desk, settlement: Settlement, view: str, said: str
) -> None:
    visit = desk.visit()
    desk.world.store.change_visit(visit.id, lambda held: replace(held, settled=settlement))
    browser = desk.browser("mei")
    page = browser.get(f"/desk/visits/{visit.id}").text
    assert said in page
    assert ("closed by hand" in page) == (view == "settled")
    assert {name: len(rows(browser.get(f"/desk/?view={name}").text)) for name in ("settled", "ruled", "brought")} == {
        name: int(name == view) for name in ("settled", "ruled", "brought")
    }
    assert act(browser, visit, "take-back") == "Taken back: the visit is open again."


def test_what_happened_names_new_links_and_a_refusal_once(desk: Desk) -> None:
    visit = desk.visit()
    browser = desk.browser("mei")
    act(browser, visit, "new-link")
    act(browser, visit, "declined")
    told = re.sub(
        r"<[^>]+>|\s+", " ", browser.get(f"/desk/visits/{visit.id}").text.split('id="history"')[1].split("</ol>")[0]
    )
    assert "Link 1 was withdrawn" in told
    assert "Link 2 was made" in told
    assert told.count("Declined") == 1
