"""Answers before the end of a period: honest customers crowd nowhere, and staff who hurry are seen."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from revisit.findings.counts.columns import gather
from revisit.findings.evidence import Evidence
from revisit.findings.trust.bursts import Burst, burst, local_days
from revisit.records.periods import Period
from revisit.records.responses import Response
from tests.findings.samples import CUTOFF, REPAIR, answered, made_organisation, response

ORGANISATION = made_organisation()
STATION = next(unit for unit in ORGANISATION.units if unit.id == "lakeside")


def honest(seed: int, orders: int = 3500, visit: str = "v") -> list[Response]:
    """Give the answers to eight weeks of orders: half the customers answer, a day later and then ever fewer."""
    chance, made = random.Random(seed), []  # noqa: S311 — made-up customers
    for place in range(orders):
        day = datetime(2026, 8, 3, 2, tzinfo=UTC) + timedelta(days=int(56 * place / orders))
        if chance.random() < 0.5:
            at = day + timedelta(days=1 + chance.expovariate(0.5))
            one = response(
                f"r{place}", answered(overall=4), day=day.date(), visit_id=f"{visit}{place}" if visit else None
            )
            made.append(replace(one, received_at=at, day=day.date() if visit else at.date()))
    return made


def found(made: list[Response], word: str) -> Burst | None:
    return burst(Evidence(REPAIR, ORGANISATION, STATION, Period.parse(word), CUTOFF, made, []))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("visit", ["v", ""])
def test_honest_answers_are_no_burst_in_any_week_or_month(seed: int, visit: str) -> None:
    made = honest(seed, visit=visit)
    weeks = [f"2026-W{week}" for week in range(33, 40)]
    told = [found(made, word) for word in (*weeks, "2026-08", "2026-09")]
    assert [one.p > 0.05 for one in told if one is not None] == [True] * len(told)


def test_answers_to_the_orders_of_a_month_that_all_come_on_its_last_day_are_one() -> None:
    made = honest(7, orders=700)
    cheated = [
        replace(one, received_at=datetime(2026, 8, 31, 9, tzinfo=UTC))
        for one in [response(f"x{place}", answered(overall=5), visit_id=f"x{place}") for place in range(30)]
    ]
    one = found([*made, *cheated], "2026-08")
    assert one is not None
    assert one.last_days >= 30
    assert one.p < 0.0001


def test_where_nothing_is_known_of_other_days_nothing_is_said() -> None:
    assert found(honest(1, orders=100), "2026-08") is None


def test_the_days_are_those_of_the_unit() -> None:
    # Half past five in the afternoon of the 30th in London is the 31st in Shanghai.
    one = replace(response("r", answered(overall=4)), received_at=datetime(2026, 8, 30, 16, 30, tzinfo=UTC))
    evidence = Evidence(REPAIR, ORGANISATION, STATION, Period.parse("2026-08"), CUTOFF, [one], [])
    days = local_days(gather([one], REPAIR), evidence)
    assert np.array_equal(days, [datetime(2026, 8, 31, tzinfo=UTC).date().toordinal()])
