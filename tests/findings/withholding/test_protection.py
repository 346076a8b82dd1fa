import random
from datetime import date, timedelta
from itertools import pairwise, product

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


DAYS = [date(2026, 1, 1) + timedelta(days=place) for place in range(365)]
WEEKS = [Period.parse(f"2026-W{week:02}") for week in range(2, 53)]


def daily(chance: random.Random, today: date, most: int) -> tuple[Guard, dict[str, np.ndarray]]:
    """Draw counts by unit and piece of the calendar, with outlets of very different size."""
    starts = piece_starts(*YEAR)
    units = UNITS[1:]
    sizes = {unit: chance.choice((0.1, 0.5, 1, 2, 3)) * most for unit in units}
    table = {}
    for unit in units:
        days = [0 if day >= today else int(sizes[unit] * chance.random() + chance.random()) for day in DAYS]
        table[unit] = np.array(
            [sum(days[one - DAYS[0].toordinal()] for one in range(*pair)) for pair in pairwise(starts)]
        )
    guard = Guard(units, np.array([table[unit] for unit in units]), starts, today)
    return guard, table


def few_by_weeks(guard: Guard, table: dict[str, np.ndarray]) -> list[str]:
    """Give the sets of 1 to 9 answers, of a unit on consecutive pieces of the calendar, that the shown cells span."""
    starts, atoms = guard.starts[:-1], [(unit, place) for unit in table for place in range(len(guard.starts) - 1)]
    where = {atom: place for place, atom in enumerate(atoms)}
    sizes = np.array([table[unit][place] for unit, place in atoms])

    def row(node: str, low: int, high: int) -> np.ndarray:
        found = np.zeros(len(atoms))
        for unit in table:
            if f"{unit}/".startswith(f"{node}/"):
                for place, start in enumerate(starts):
                    found[where[unit, place]] = low <= start < high
        return found

    periods = [*PERIODS, *WEEKS]
    shown = [
        row(node, one.first.toordinal(), one.last.toordinal() + 1)
        for node, one in product(UNITS, periods)
        if guard.reason(node, one) is None
    ]
    edges = [*starts, guard.starts[-1]]
    runs = [(low, high) for at, low in enumerate(edges) for high in edges[at + 1 : at + 8]]
    sets = {
        f"{node} {date.fromordinal(low)}+{high - low}": row(node, low, high) for node in UNITS for low, high in runs
    }
    few = {name: one for name, one in sets.items() if 0 < one @ sizes < 10}
    if not few or not shown:
        return []
    _, values, right = np.linalg.svd(np.array(shown), full_matrices=False)
    basis = right[values > 1e-9]
    wanted = np.array(list(few.values()))
    distance = np.abs(wanted - wanted @ basis.T @ basis).max(axis=1)
    return [name for name, far in zip(few, distance, strict=True) if far < 1e-7]


@pytest.mark.parametrize(("seed", "most"), [(0, 3), (1, 5), (2, 8)])
@pytest.mark.parametrize("today", [date(2027, 1, 5), date(2026, 8, 20)])
def test_few_answers_cannot_be_found_from_weeks_beside_months(seed: int, most: int, today: date) -> None:
    guard, table = daily(random.Random(seed), today, most)  # noqa: S311
    seen = [week for week in WEEKS if guard.reason("r", week) is None]
    assert len(seen) > 15
    assert few_by_weeks(guard, table) == []


def test_the_attack_on_weeks_finds_what_a_plain_rule_of_ten_gives_away() -> None:
    class Beside(Guard):
        def reason(self, path: str, period: Period) -> str | None:
            if period.kind == "week":
                return None if self.n(path, period) >= 10 else "fewer_than_10"
            return super().reason(path, period)

    guard, table = daily(random.Random(1), date(2027, 1, 5), 5)  # noqa: S311
    assert few_by_weeks(Beside(guard.units, guard.counts, guard.starts, guard.today), table)


def test_weeks_yield_where_the_days_that_a_month_cuts_off_are_few() -> None:
    starts = piece_starts(*YEAR)

    def guard(each: int, today: date = date(2027, 1, 5)) -> Guard:
        return Guard(("r",), np.full((1, len(starts) - 1), each, np.int64), starts, today)

    cut, whole = "2026-W31", "2026-W30"  # 27 July to 2 August; 20 to 26 July
    assert shown(guard(12), "r", cut, whole, "2026-07") == [None] * 3
    # nine on 1 and 2 August, which are told from nothing but the week; 18 in July outside its whole weeks
    assert shown(guard(9), "r", cut, "2026-07") == ["protects_another", None]
    few = np.full((1, len(starts) - 1), 12, np.int64)
    few[0, np.searchsorted(starts, date(2026, 7, 31).toordinal(), side="right") - 1] = 4
    guarded = shown(Guard(("r",), few, starts, date(2027, 1, 5)), "r", whole, cut, "2026-W32")
    assert guarded == [None, "protects_another", None]


def test_a_rest_of_few_days_takes_a_week_with_it() -> None:
    # June 2026 begins on a Monday: beside its four whole weeks there are two days, with four answers.
    starts = piece_starts(*YEAR)
    counts = np.full((1, len(starts) - 1), 20, np.int64)
    counts[0, np.searchsorted(starts, date(2026, 6, 29).toordinal(), side="right") - 1] = 4
    guard = Guard(("r",), counts, starts, date(2027, 1, 5))
    assert shown(guard, "r", "2026-W23", "2026-W24", "2026-W25", "2026-W26", "2026-06") == [
        None,
        None,
        None,
        "protects_another",
        None,
    ]
