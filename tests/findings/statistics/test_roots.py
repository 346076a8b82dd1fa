import numpy as np
from scipy.special import ndtr, ndtri

from revisit.findings.counts.codes import Floats
from revisit.findings.statistics.roots import roots


def test_it_finds_each_root_in_a_few_steps_though_rounding_points_elsewhere_once_it_is_there() -> None:
    wanted = np.linspace(0.01, 0.99, 401)
    looks = 0

    def look(at: Floats) -> tuple[Floats, Floats]:
        nonlocal looks
        looks += 1
        # Rounding of a sum of many terms: more than one step of the last digit.
        return ndtr(at) - wanted + 1e-15 * np.cos(1e9 * at), np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)

    start = np.zeros_like(wanted)
    found = roots(look, np.full_like(wanted, -9.0), np.full_like(wanted, 9.0), start, 1e-12)
    assert np.abs(found - ndtri(wanted)).max() < 1e-12
    assert looks <= 10


def test_it_halves_what_is_left_where_a_step_would_leave_it() -> None:
    def look(at: Floats) -> tuple[Floats, Floats]:
        return np.cbrt(at - 0.3), np.zeros_like(at)

    found = roots(look, np.zeros(1), np.ones(1), np.full(1, 0.9), 1e-9)
    assert abs(found[0] - 0.3) < 2e-9
