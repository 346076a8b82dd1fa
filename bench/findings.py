"""How long the counts behind the findings take for a million answers, beside a plain grouped mean in polars.

Both sides begin with the same file of columns and end with figures of 500 units; best of three, by the clock and in CPU
seconds of all threads. Then findings from 100,000 rows as a store gives them.

Run: .venv/bin/python bench/findings.py [RESPONSES]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from revisit.findings.counts.codes import Ints
from revisit.findings.counts.columns import Columns, gather
from revisit.findings.counts.lattices import weights
from revisit.findings.counts.tallies import tally_by
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import scores
from revisit.findings.summary import summarise
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from revisit.records.survey import Choice, Privacy, Question, Section, Survey
from revisit.store.codec import dump

UNITS = 500
FIVE = tuple(Choice(str(value), str(value)) for value in range(1, 6))
DIMENSIONS = ("speed", "attitude", "quality", "price", "channel")


def survey() -> Survey:
    items = [Question(f"q{n}", "satisfaction", "", choices=FIVE, dimension=DIMENSIONS[n // 2]) for n in range(10)]
    items += [Question(name, "satisfaction", "", choices=FIVE) for name in ("overall", "other")]
    return Survey("bench", "en", "", (Section("all", "", tuple(items)),), Privacy("", "", "", ""))


def made(asked: Survey, count: int) -> Columns:
    chance = np.random.default_rng(1)
    values: dict[str, Ints] = {
        question.id: chance.integers(1, 6, count).astype(np.int16) for question in asked.questions
    }
    for column in values.values():
        column[chance.random(count) < 0.05] = -1
    unit, zeros = chance.integers(0, UNITS, count), np.zeros(count, np.int64)
    names = tuple(f"root/u{place:03}" for place in range(UNITS))
    return Columns(
        survey=asked,
        day=chance.integers(739000, 739365, count),
        unit=unit,
        units=names,
        mode=zeros,
        form=zeros,
        forms=("f",),
        visits=np.full(count, "", np.object_),
        sample=np.zeros(count, np.bool_),
        seconds=np.full(count, 90.0),
        received=zeros,
        suspect=np.zeros(count, np.bool_),
        marks=np.zeros(count, np.int64),
        job=zeros,
        jobs=("",),
        values=values,
        texts={},
        customer=zeros,
        customers=("",),
        wording=zeros,
        wordings=("t",),
        language=zeros,
        languages=("en",),
        several={},
    )


def records(asked: Survey, columns: Columns, count: int) -> list[Response]:
    """Turn the first answers back into records, as a store gives them."""
    noon = datetime(2024, 6, 1, 12, tzinfo=UTC)
    rows = zip(*(values[:count].tolist() for values in columns.values.values()), strict=True)
    blank = Answer("blank")
    known = {value: Answer("answered", value) for value in range(1, 6)}
    found = []
    for place, row in enumerate(rows):
        answers = {name: known.get(value, blank) for name, value in zip(columns.values, row, strict=True)}
        unit, day = columns.units[columns.unit[place]], date.fromordinal(int(columns.day[place]))
        what = (f"r{place:07}", "aaa", asked.name, "en", "f", "t", unit, day, noon, "web", answers, "")
        found.append(Response(*what))  # type: ignore[arg-type]
    return found


def timed(what: str, work: Callable[[], object]) -> tuple[float, float]:
    """Print and give the best of three runs: seconds by the clock, CPU seconds."""
    best, least = 1e9, 1e9
    for _ in range(3):
        start, busy = time.perf_counter(), time.process_time()
        work()
        best, least = min(best, time.perf_counter() - start), min(least, time.process_time() - busy)
    print(f"{what:56} {best:8.3f} s {least:8.3f} s CPU")
    return best, least


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
        ours = timed(f"the same read, counts and CSI of {UNITS} units", lambda: figures(path, columns))
    print(
        f"ours takes {ours[0] / plain[0]:.1f} times as long as polars, {ours[1] / plain[1]:.1f} times the CPU seconds"
    )
    tallies = tally_by(columns, columns.unit, UNITS)
    timed(f"  of that, {UNITS} CSI with intervals", lambda: [scores.csi(counts, weights(asked)) for counts in tallies])
    some = min(count, 100_000)
    rows = [dump(one) for one in records(asked, columns, some)]
    timed(f"{some} rows of a store into columns", lambda: gather(rows, asked))
    timed(f"findings of the root with {UNITS} children from them", lambda: summarise(evidence(asked, rows)))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024:.2f} GiB")


def figures(path: Path, columns: Columns) -> list[object]:
    """Read the columns from the file, count them for each unit and give each its CSI with an interval."""
    read = pl.read_parquet(path)
    values: dict[str, Ints] = {name: read[name].to_numpy().astype(np.int16) for name in columns.values}
    held = replace(columns, values=values, unit=read["unit"].to_numpy())
    return [scores.csi(counts, weights(columns.survey)) for counts in tally_by(held, held.unit, UNITS)]


def evidence(asked: Survey, responses: Sequence[Mapping[str, Any]]) -> Evidence:
    root = Unit("root", "root", "headquarters", "Root")
    units = (Unit(f"u{place:03}", f"root/u{place:03}", "station", "") for place in range(UNITS))
    cutoff = datetime(2026, 1, 1, tzinfo=UTC)
    return Evidence(asked, Organisation((root, *units)), root, Period.parse("2024"), cutoff, responses, [])


if __name__ == "__main__":
    main()
