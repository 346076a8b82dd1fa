from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.findings.scoring.coverage import (
    ATTEMPTED,
    DUE,
    Coverage,
    cover,
    dispose,
    effective_coverage,
    response_rate,
    response_rate_3,
    visit_coverage,
)
from revisit.records.visits import Outcome, Settled, Visit
from tests.findings.samples import visit

LATE = datetime(2026, 10, 1, tzinfo=UTC)


def counted(**dispositions: int) -> Coverage:
    names = ("I", "P", "R", "NC", "O", "UO", "NE", "NI")
    return Coverage(0, {}, {name: dispositions.get(name, 0) for name in names}, {})  # type: ignore[misc]


@pytest.mark.parametrize(
    ("made", "answer", "wanted"),
    [
        (visit("a", outcomes=("sent",)), "I", ("answered", "I")),
        (visit("a"), "P", ("answered", "P")),
        (visit("a"), "R", ("answered", "R")),
        (visit("a", settled=("declined", "")), "I", ("answered", "I")),
        (visit("a", settled=("declined", "")), None, ("declined", "R")),
        (visit("a", outcomes=("sent", "no_answer"), settled=("unreachable", "")), None, ("unreachable", "NC")),
        (visit("a", outcomes=("bounced",), settled=("unreachable", "")), None, ("unreachable", "UO")),
        (visit("a", outcomes=("no_answer",), settled=("unreachable", "wrong_number")), None, ("unreachable", "UO")),
        (visit("a", outcomes=("sent",)), None, ("expired", "NC")),
        (visit("a", outcomes=("bounced",)), None, ("expired", "UO")),
        (visit("a", outcomes=("bounced", "no_answer")), None, ("expired", "NC")),
        (visit("a"), None, ("expired", "NI")),
        (visit("a", settled=("excluded", "internal_order")), None, ("excluded", "NE")),
        (visit("a", settled=("excluded", "asset_sold")), None, ("excluded", "NE")),
        (visit("a", settled=("excluded", "opted_out")), None, ("excluded", "NI")),
        (visit("a", settled=("excluded", "no_contact")), None, ("excluded", "NI")),
        (visit("a", settled=("excluded", "because")), None, ("excluded", "NI")),
        (visit("a", settled=("merged", "")), None, ("merged", None)),
    ],
)
def test_each_visit_has_one_state_and_one_disposition(made: Visit, answer: str | None, wanted: tuple[str, str]) -> None:
    state = made.state(LATE, answered=answer is not None)
    assert (state, dispose(made, state, answer)) == wanted


def test_what_is_open_or_waiting_is_in_no_rate() -> None:
    made = [visit("a", outcomes=("sent",)), visit("b", outcomes=("sent",))]
    counts = cover(made, {"a": "I"}, datetime(2026, 8, 10, tzinfo=UTC))
    assert (counts.states["open"], counts.attempted, counts.due) == (1, 1, 2)
    early = cover(made, {}, datetime(2026, 8, 3, tzinfo=UTC))
    assert (early.states["waiting"], early.due, early.orders) == (2, 0, 2)


def test_what_came_after_the_cut_off_is_not_known() -> None:
    made = visit("a", outcomes=("sent",), settled=("declined", ""))
    assert cover([made], {}, made.due_at - timedelta(minutes=1)).states["waiting"] == 1
    before = cover([made], {}, made.due_at + timedelta(days=1))
    assert (before.states["open"], before.states["declined"]) == (1, 0)
    assert cover([made], {}, made.due_at + timedelta(days=3)).states["declined"] == 1


def test_the_rates_are_those_of_the_standard_definitions() -> None:
    # AAPOR Standard Definitions: RR1 = 250/(250+50+100+200+20+80); e = 620/650; RR3 = 250/(620 + e·80).
    counts = counted(I=250, P=50, R=100, NC=200, O=20, UO=80, NE=30, NI=100)
    rate, covered, effective = response_rate(counts), visit_coverage(counts), effective_coverage(counts)
    assert rate is not None
    assert covered is not None
    assert effective is not None
    assert rate.value == pytest.approx(250 / 700, abs=1e-12)
    assert covered.value == pytest.approx(700 / 800, abs=1e-12)
    assert effective.value == pytest.approx(250 / 800, abs=1e-12)
    assert response_rate_3(counts) == pytest.approx(250 / (620 + 620 / 650 * 80), abs=1e-12)


def test_a_shop_that_does_nothing_scores_nothing() -> None:
    counts = cover([visit(f"v{place}") for place in range(20)], {}, LATE)
    covered = visit_coverage(counts)
    assert covered is not None
    assert covered.value == 0
    assert counts.never_tried == 20
    assert response_rate(counts) is None


def test_without_visits_there_are_no_rates() -> None:
    nothing = cover([], {}, LATE)
    assert nothing.due == 0
    assert [rate(nothing) for rate in (visit_coverage, response_rate, effective_coverage)] == [None] * 3
    assert response_rate_3(nothing) is None
    assert response_rate_3(counted(UO=5, NE=3)) is None


walks = st.lists(
    st.tuples(
        st.lists(st.sampled_from(get_args(Outcome)), max_size=3),
        st.one_of(
            st.none(),
            st.tuples(
                st.sampled_from(get_args(Settled)),
                st.sampled_from(["", "internal_order", "opted_out", "no_contact", "x"]),
            ),
        ),
        st.sampled_from([None, "I", "P", "R"]),
    ),
    max_size=40,
)


@given(walks, st.integers(-2, 30))
def test_the_sum_adds_up_on_every_walk(
    drawn: list[tuple[list[Outcome], tuple[Settled, str] | None, str | None]], days: int
) -> None:
    made = [visit(f"v{place}", outcomes=walk[0], settled=walk[1]) for place, walk in enumerate(drawn)]
    answers = {f"v{place}": walk[2] for place, walk in enumerate(drawn) if walk[2] is not None}
    counts = cover(made, answers, datetime(2026, 8, 4, 12, tzinfo=UTC) + timedelta(days=days))
    assert counts.orders == counts.due + counts.states["merged"] + counts.states["waiting"]
    assert counts.due == sum(counts.states[state] for state in DUE)
    assert sum(counts.dispositions.values()) == counts.due - counts.states["open"]
    assert counts.attempted == sum(counts.dispositions[name] for name in ATTEMPTED)
    assert sum(counts.exclusions.values()) == counts.states["excluded"]
    assert 0 <= counts.never_tried <= counts.states["expired"]
