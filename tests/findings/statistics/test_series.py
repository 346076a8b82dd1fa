import math
import random
from itertools import pairwise

import numpy as np
import pytest
from statsmodels.tsa.stattools import acf

from revisit.findings.statistics.series import _p_limits, autocorrelation, p_chart, xmr

# NIST/SEMATECH e-Handbook 6.3.2.2, flow rates: centre 50.81, limits 55.8041 and 45.8159 from ten points.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_it_reckons_individual_limits_as_the_handbook_does() -> None:
    # Two points more that leave the mean and the mean moving range as they are: the baseline is twelve.
    moving = sum(abs(b - a) for a, b in pairwise(FLOW)) / 9
    mean = sum(FLOW) / 10
    values = [*FLOW, None, mean - moving / 2, mean + moving / 2]
    chart = xmr(values, (0, 100))
    assert chart is not None
    assert chart.kind == "xmr"
    assert chart.centre == pytest.approx(50.81, abs=1e-9)
    assert chart.limits[0] == pytest.approx((45.8159, 55.8041), abs=2e-3)
    assert chart.limits[10] is None


def test_it_reckons_share_limits_as_the_handbook_does() -> None:
    # NIST/SEMATECH e-Handbook 6.3.3.2: 347 failures among 30 wafers of 50 chips; limits 0.4103 and 0.0524.
    centre = 347 / 1500
    assert _p_limits(centre, 1.0, centre * (1 - centre), 50) == pytest.approx((0.0524, 0.4103), abs=2e-4)


def test_twelve_steady_months_give_limits_and_fewer_give_none() -> None:
    counts: list[tuple[int, int] | None] = [(40 + step % 3, 50) for step in range(12)]
    chart = p_chart(counts)
    assert chart is not None
    assert chart.kind == "p"
    assert set(chart.signals) == {None}
    assert p_chart(counts[:11]) is None
    assert xmr([80.0] * 11 + [None], (0, 100)) is None


def test_scattered_months_get_laneys_limits() -> None:
    counts: list[tuple[int, int] | None] = [((700, 1000), (900, 1000))[step % 2] for step in range(12)]
    chart = p_chart(counts)
    assert chart is not None
    assert chart.kind == "laney"
    spread = math.sqrt(0.8 * 0.2 / 1000)
    sigma = (2 * 0.1 / spread) / 1.128
    assert chart.limits[0] == pytest.approx((max(0, 0.8 - 3 * sigma * spread), 1.0), abs=1e-9)


def test_a_month_far_out_is_a_signal() -> None:
    values: list[float | None] = [80.0, 81.0, 79.0, 80.5, 80.0, 79.5, 81.0, 80.0, 79.0, 80.5, 80.0, 79.5, 60.0]
    chart = xmr(values, (0, 100))
    assert chart is not None
    assert chart.signals[-1] == "outside"
    assert "outside" not in chart.signals[:-1]


def test_the_eighth_month_in_a_row_on_one_side_is_a_signal() -> None:
    values: list[float | None] = [70.0, 90.0, 71.0, 70.0, *[82.0] * 8]
    chart = xmr(values, (0, 100))
    assert chart is not None
    assert [place for place, signal in enumerate(chart.signals) if signal == "run"] == [11]
    gap = xmr([*values[:8], None, *values[8:]], (0, 100))
    assert gap is not None
    assert "run" not in gap.signals


def test_a_month_on_the_line_breaks_the_run() -> None:
    values: list[float | None] = [70.0, 70.0, *[85.0] * 4, 80.0, *[85.0] * 4, 70.0, 70.0]
    chart = xmr(values, (0, 100))
    assert chart is not None
    assert chart.centre == 80
    assert "run" not in chart.signals


def test_limits_stay_on_the_scale() -> None:
    chart = xmr([99.0, 60.0] * 6, (0, 100))
    assert chart is not None
    assert chart.limits[0] == (0.0, 100.0)
    flat = p_chart([(20, 20)] * 12)
    assert flat is not None
    assert flat.limits[0] == (1.0, 1.0)
    assert set(flat.signals) == {None}


@pytest.mark.full
def test_steady_charts_cry_wolf_on_one_in_ten_at_most() -> None:
    chance = random.Random(11)  # noqa: S311
    charts = 4000
    false_alarms = {"xmr": 0, "p": 0}
    for _ in range(charts):
        one = xmr([chance.gauss(75, 4) for _ in range(24)], (0, 100))
        two = p_chart([(sum(chance.random() < 0.8 for _ in range(40)), 40) for _ in range(24)])
        assert one is not None
        assert two is not None
        false_alarms["xmr"] += any(one.signals)
        false_alarms["p"] += any(two.signals)
    assert {name: count / charts <= 0.1 for name, count in false_alarms.items()} == {"xmr": True, "p": True}, (
        false_alarms
    )


def test_the_autocorrelation_is_that_of_neighbours() -> None:
    values = [3.0, 4.0, 6.0, 5.0, 7.0, 8.0, 8.0, 9.0, 7.0, 6.0, 5.0, 4.0]
    assert autocorrelation(values) == pytest.approx(acf(np.array(values), nlags=1, fft=False)[1], rel=1e-12)
    assert autocorrelation([1.0] * 12) is None
    # Pairs across a gap are none: (3, 4), (7, 8) about a mean of 5.5.
    assert autocorrelation([3.0, 4.0, None, 7.0, 8.0]) == pytest.approx((2.5 * 1.5 * 2) / (2 * 2.5**2 + 2 * 1.5**2))
