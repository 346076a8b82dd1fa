from typing import Any

import pytest

from revisit.findings.statistics.standing import outermost, standing


def ends(**limits: tuple[float, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    values = {name: sum(pair) / 2 for name, pair in limits.items()}
    return outermost(limits, values, "weakest"), outermost(limits, values, "strongest")


@pytest.mark.parametrize(
    ("limits", "weakest", "strongest"),
    [
        ({"a": (50, 60), "b": (61, 70), "c": (69, 80)}, ("a",), ()),
        ({"a": (50, 60), "b": (60, 70)}, (), ()),
        ({"a": (50, 60), "b": (61, 70)}, ("a",), ("b",)),
        ({"a": (50, 60)}, (), ()),
        ({}, (), ()),
        ({"c": (55, 65), "a": (50, 60), "d": (80, 88), "b": (81, 89)}, ("a", "c"), ("b", "d")),
        # a meets b and b meets c: c is not shown to be better than b, so no two of them are told apart from all others
        ({"a": (50, 60), "b": (55, 65), "c": (64, 74), "d": (80, 90)}, (), ("d",)),
    ],
)
def test_it_names_those_whose_intervals_meet_no_others(
    limits: dict[str, tuple[float, float]], weakest: tuple[str, ...], strongest: tuple[str, ...]
) -> None:
    assert ends(**limits) == (weakest, strongest)


def test_it_leaves_withheld_dimensions_out() -> None:
    shown = {"score": 50.0, "low": 40.0, "high": 60.0}
    blocks: dict[str, dict[str, Any]] = {"speed": shown, "price": {"score": None, "low": None, "high": None}}
    assert standing(blocks) == {"weakest": [], "strongest": []}
    blocks["quality"] = {"score": 80.0, "low": 70.0, "high": 90.0}
    assert standing(blocks) == {"weakest": ["speed"], "strongest": ["quality"]}
