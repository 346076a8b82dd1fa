import random
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from revisit.findings.withholding.protection import Guard, piece_starts
from revisit.records.periods import Period

UNITS = ("r", "r/a", "r/a/x", "r/a/y", "r/a/y/e1", "r/a/y/e2", "r/b", "r/b/z", "r/b/w", "r/c")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
MONTHS = [Period.parse(f"2026-{month:02}") for month in range(1, 13)]
PERIODS = [Period.parse("2026"), *(Period.parse(f"2026-Q{quarter}") for quarter in range(1, 5)), *MONTHS]


def guard_of(counts: dict[tuple[str, str], int], today: date = date(2027, 1, 5)) -> Guard:
    """Make a guard from counts by unit and month; all answers lie on the 15th."""
    units = tuple(sorted({unit for unit, _ in counts} | {"r"}))
    starts = piece_starts(*YEAR)
    table = np.zeros((len(units), len(starts) - 1), np.int64)
    for (unit, month), n in counts.items():
        day = Period.parse(month).first + timedelta(days=14)
        table[units.index(unit), np.searchsorted(starts, day.toordinal(), side="right") - 1] += n
    return Guard(units, table, starts, today)


def drawn(chance: random.Random, months: int) -> dict[tuple[str, str], int]:
    """Draw counts that are often few, often none, at leaves and in the middle of the tree."""
    return {
        (unit, month.word): chance.choice((0, 0, 2, 5, 9, 10, 12, 20, 40))
        for unit, month in product(UNITS[1:], MONTHS[:months])
    }


def given_away(guard: Guard, counts: dict[tuple[str, str], int]) -> list[str]:
    """Give what the shown cells tell of 1 to 9 answers: cells, and nested cells less one another, by linear algebra."""
    atoms = sorted(counts)
    sizes = np.array([counts[atom] for atom in atoms])
    cells = {
        (node, period): np.array(
            [f"{unit}/".startswith(f"{node}/") and period.contains(Period.parse(month).first) for unit, month in atoms],
            np.float64,
        )
        for node, period in product(UNITS, PERIODS)
    }
    shown = [row for (node, period), row in cells.items() if guard.reason(node, period) in {None, "no_answers"}]
    sets = dict(cells)
    for (one, period), (two, part) in product(cells, cells):
        large, small = cells[one, period], cells[two, part]
        if f"{two}/".startswith(f"{one}/") and (small <= large).all():
            sets[f"{one} {period.word}", f"without {two} {part.word}"] = large - small  # type: ignore[index]
    names = [name for name, row in sets.items() if 0 < row @ sizes < 10]
    if not names or not shown:
        return []
    _, values, right = np.linalg.svd(np.array(shown), full_matrices=False)
    basis = right[values > 1e-9]
    few = np.array([sets[name] for name in names])
    distance = np.abs(few - few @ basis.T @ basis).max(axis=1)
    return [str(name) for name, far in zip(names, distance, strict=True) if far < 1e-7]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(("months", "today"), [(12, date(2027, 1, 5)), (8, date(2026, 8, 20)), (10, date(2026, 10, 3))])
def test_few_answers_cannot_be_found_by_subtraction(seed: int, months: int, today: date) -> None:
    counts = drawn(random.Random(seed), months)  # noqa: S311
    assert given_away(guard_of(counts, today), counts) == []


def test_the_attack_finds_what_a_plain_rule_of_ten_gives_away() -> None:
    class Plain(Guard):
        def reason(self, path: str, period: Period) -> str | None:
            return None if not 0 < self.n(path, period) < 10 else "fewer_than_10"

    counts = drawn(random.Random(1), 12)  # noqa: S311
    guard = guard_of(counts)
    assert given_away(Plain(guard.units, guard.counts, guard.starts, guard.today), counts)


def monthly(unit: str, *counts: int) -> dict[tuple[str, str], int]:
    return {(unit, month.word): n for month, n in zip(MONTHS, counts, strict=False)}


def shown(guard: Guard, unit: str, *words: str) -> list[str | None]:
    return [guard.reason(unit, Period.parse(word)) for word in words]


def test_what_a_year_would_give_away_of_a_quarter_is_hidden_with_all_quarters() -> None:
    guard = guard_of(monthly("r/a", 30, 30, 30, 3, 0, 0, 30, 30, 30, 30, 30, 30))
    assert shown(guard, "r/a", "2026", "2026-Q1", "2026-Q2", "2026-01", "2026-04") == [
        None,
        "protects_another",
        "fewer_than_10",
        "protects_another",
        "fewer_than_10",
    ]


def test_a_running_quarter_yields_to_its_closed_months() -> None:
    counts = monthly("r/a", 30, 30, 30, 30, 4)
    running, closed = guard_of(counts, date(2026, 5, 20)), guard_of(counts, date(2026, 7, 1))
    assert shown(running, "r/a", "2026-04", "2026-05", "2026-Q2") == [None, "fewer_than_10", "protects_another"]
    assert shown(closed, "r/a", "2026-04", "2026-05", "2026-Q2") == ["protects_another", "fewer_than_10", None]


def test_a_unit_does_not_reveal_what_its_parent_protects() -> None:
    # c has 4; b is the smallest beside it: hidden under r, and so are its own object and all below it.
    counts = monthly("r/a", 60) | monthly("r/b/x", 11) | monthly("r/b/y", 14) | monthly("r/c", 4)
    guard = guard_of(counts)
    assert shown(guard, "r", "2026-01") == [None]
    assert [guard.reason(unit, MONTHS[0]) for unit in ("r/a", "r/b", "r/b/x", "r/b/y", "r/c")] == [
        None,
        *["protects_another"] * 3,
        "fewer_than_10",
    ]


def test_answers_that_belong_to_no_child_are_protected_too() -> None:
    guard = guard_of(monthly("r", 5) | monthly("r/a", 30) | monthly("r/b", 40))
    assert [guard.reason(unit, MONTHS[0]) for unit in ("r", "r/a", "r/b")] == [None, "protects_another", None]


def test_a_week_fits_the_months_only_where_the_days_it_cuts_off_are_many_or_none() -> None:
    week = Period.parse("2026-W31")  # from 27 July to 2 August
    starts = piece_starts(*YEAR)

    def guard(each: int) -> Guard:
        return Guard(("r",), np.full((1, len(starts) - 1), each, np.int64), starts, date(2027, 1, 5))

    assert guard(12).fits_months("r", week)
    assert not guard(9).fits_months("r", week)
    assert guard(9).reason("r", week) is None  # two pieces of nine
