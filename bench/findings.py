"""How long the counts behind the findings take for a million answers, beside a plain grouped mean in polars.

Run: .venv/bin/python bench/findings.py [RESPONSES]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from revisit.findings import scores
from revisit.findings.columns import Columns, tally_by
from revisit.records.survey import Choice, Privacy, Question, Section, Survey

UNITS = 500
FIVE = tuple(Choice(str(value), str(value)) for value in range(1, 6))
DIMENSIONS = ("speed", "attitude", "quality", "price", "channel")


def survey() -> Survey:
    items = [Question(f"q{n}", "satisfaction", "", choices=FIVE, dimension=DIMENSIONS[n // 2]) for n in range(10)]
    items += [Question(name, "satisfaction", "", choices=FIVE) for name in ("overall", "other")]
    return Survey("bench", "en", "", (Section("all", "", tuple(items)),), Privacy("", "", "", ""))


def made(asked: Survey, count: int) -> Columns:
    chance = np.random.default_rng(1)
    values = {question.id: chance.integers(1, 6, count) for question in asked.questions}
    for column in values.values():
        column[chance.random(count) < 0.05] = -1
    unit, zeros = chance.integers(0, UNITS, count), np.zeros(count, np.int64)
    names = tuple(f"u{place:03}" for place in range(UNITS))
    flags = np.ones(count, np.bool_)
    return Columns(
        asked, chance.integers(739000, 739365, count), unit, names, zeros, zeros, ("f",), flags, flags, values
    )


def timed(what: str, work: Callable[[], object]) -> float:
    """Print and give the best of three runs in seconds."""
    best = 1e9
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    print(f"{what:48} {best:8.3f} s")
    return best


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    asked = survey()
    columns = made(asked, count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        table = {name: values.astype(np.int8) for name, values in columns.values.items()}
        pl.DataFrame({**table, "unit": columns.unit}).write_parquet(path)
        means = [pl.col(name).cast(pl.Float64).mean() for name in columns.values]
        plain = timed("polars: read and group", lambda: pl.read_parquet(path).group_by("unit").agg(means))
    ours = timed(f"counts for {UNITS} units", lambda: tally_by(columns, columns.unit, UNITS))
    tallies = tally_by(columns, columns.unit, UNITS)
    timed(f"{UNITS} CSI with intervals", lambda: [scores.csi(counts, asked) for counts in tallies])
    print(f"counts take {ours / plain:.1f} times as long as polars")


if __name__ == "__main__":
    main()
