"""Columns: responses turned once into arrays of whole numbers, one for each question and each fact of a response."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from revisit.findings.counts.codes import (
    INVALID,
    MARKS,
    MISSING,
    MODES,
    NOT_APPLICABLE,
    NOT_ASKED,
    SEVERAL,
    SINGLE_CHOICE,
    Flags,
    Floats,
    Ints,
    Objects,
    is_counted,
)
from revisit.findings.counts.lattices import Lattice
from revisit.records.responses import Response
from revisit.records.survey import Question, Survey
from revisit.store.codec import dump

# What the collector notes of answers that a machine may have given: too quick for a person, or a trap field filled in.
SUSPECT = frozenset({"quick", "honeypot"})
# The answers with a free word to any question, by the name under which what rests on them is protected.
COMMENTED = "comments"
# Those among the answers to the overall question who wrote a comment, and those who did not.
COMMENTED_OVERALL, SILENT_OVERALL = "commented.overall", "silent.overall"
_OVERALL = "overall"

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Columns:
    """Responses as arrays of one length, in the order they came.

    ``values`` holds for each counted question the value of a scale, 0..10, the place of a choice in the survey's list,
    or one of the negative codes. ``visits`` holds ids, empty for answers without a visit; ``seconds`` how long
    answering took (not a number where that is unknown); ``received`` UTC seconds; ``suspect`` is true where the
    collector flagged the answer, ``marks`` adds up the MARKS of where it came from. Numbers stand for texts in
    alphabetical order: ``unit`` for ``units`` and so on; ``job`` is the order's kind of work, ``customer`` who
    answered, ``wording`` the hash of the text that was read, and ``language`` its language; a text is empty where it is
    unknown. ``texts`` holds the free words to each text question, empty where there are none; ``several`` for each
    question that takes several choices their places as bits (bit 0 is the first), or one of the negative codes.
    ``outlet`` numbers the outlets where some of them were asked and stand for all, and is -1, or not there, where all
    were asked.
    """

    survey: Survey
    day: Ints
    unit: Ints
    units: tuple[str, ...]
    mode: Ints
    form: Ints
    forms: tuple[str, ...]
    visits: Objects
    sample: Flags
    seconds: Floats
    received: Ints
    suspect: Flags
    marks: Ints
    job: Ints
    jobs: tuple[str, ...]
    values: dict[str, Ints]
    texts: dict[str, Objects]
    several: dict[str, Ints]
    customer: Ints
    customers: tuple[str, ...]
    wording: Ints
    wordings: tuple[str, ...]
    language: Ints
    languages: tuple[str, ...]
    outlet: Ints | None = None

    def __len__(self) -> int:
        """Give the number of responses."""
        return len(self.day)

    @cached_property
    def month(self) -> Ints:
        """Give each response's calendar month, counted from January 1970."""
        days: Ints = self.day - date(1970, 1, 1).toordinal()
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

    def pick(self, rows: Flags) -> Self:
        """Give the responses where ``rows`` is true."""
        changed: dict[str, Any] = {}
        for field in fields(self):
            held = getattr(self, field.name)
            if isinstance(held, np.ndarray):
                changed[field.name] = held[rows]
            elif isinstance(held, dict):
                changed[field.name] = {name: part[rows] for name, part in held.items()}
        picked = replace(self, **changed)
        if "scores" in self.__dict__:  # what was computed once is not computed again
            picked.__dict__["scores"] = {name: (at[rows], top[rows]) for name, (at, top) in self.scores.items()}
        return picked

    def with_outlets(self, outlet: Ints) -> Self:
        """Give the responses with the numbers of outlets that stand for all."""
        found = replace(self, outlet=outlet)
        if "scores" in self.__dict__:
            found.__dict__["scores"] = self.scores
        return found

    @cached_property
    def scores(self) -> dict[str, tuple[Ints, Flags]]:
        """Give for each dimension what ``Lattice.scores`` makes of these responses."""
        return {name: Lattice.of(self.survey, name).scores(self.values) for name in self.survey.dimensions}

    @cached_property
    def rests_on(self) -> dict[str, Flags]:
        """Say for each figure by its path (``""``: any at all) which responses it rests on."""
        found = {"": np.ones(len(self), np.bool_)}
        found |= {f"items.{name}": values >= 0 for name, values in (self.values | self.several).items()}
        found[COMMENTED] = np.zeros(len(self), np.bool_)
        for texts in self.texts.values():
            found[COMMENTED] |= texts != ""
        given = self.values.get(_OVERALL, np.full(len(self), NOT_ASKED)) >= 0
        found |= {COMMENTED_OVERALL: found[COMMENTED] & given, SILENT_OVERALL: ~found[COMMENTED] & given}
        return found | {f"dimensions.{name}": scored >= 0 for name, (scored, _) in self.scores.items()}


def gather(responses: Iterable[Response | Plain], survey: Survey) -> Columns:
    """Turn responses, or the plain rows in which a store keeps them, into columns: the one place that reads answers."""
    rows = [dump(one) if isinstance(one, Response) else one for one in responses]
    count = len(rows)
    units, unit = _number(rows, "unit")
    forms, form = _number(rows, "form_hash")
    customers, customer = _number(rows, "customer")
    wordings, wording = _number(rows, "text_hash")
    languages, language = _number(rows, "language")
    jobs, job = _coded([row.get("facts", {}).get("kind", "") for row in rows])
    days = {text: date.fromisoformat(text).toordinal() for text in {row["day"] for row in rows}}
    modes = {name: place for place, name in enumerate(MODES)}
    answers = [row["answers"] for row in rows]
    return Columns(
        survey=survey,
        day=np.fromiter((days[row["day"]] for row in rows), np.int64, count),
        unit=unit,
        units=units,
        mode=np.fromiter((modes[row["mode"]] for row in rows), np.int64, count),
        form=form,
        forms=forms,
        visits=np.fromiter((row.get("visit_id") or "" for row in rows), np.object_, count),
        sample=np.fromiter((row.get("sample", False) for row in rows), np.bool_, count),
        seconds=np.array([row.get("duration") for row in rows], np.float64),  # None becomes not a number
        received=np.fromiter((_second(row["received_at"]) for row in rows), np.int64, count),
        suspect=np.fromiter((not SUSPECT.isdisjoint(row.get("flags", ())) for row in rows), np.bool_, count),
        marks=np.fromiter((sum(MARKS.get(one, 0) for one in row.get("flags", ())) for row in rows), np.int64, count),
        job=job,
        jobs=jobs,
        values={question.id: _values(answers, question) for question in survey.questions if is_counted(question)},
        texts={question.id: _texts(answers, question) for question in survey.questions if question.kind == "text"},
        several={question.id: _several(answers, question) for question in survey.questions if question.kind == SEVERAL},
        customer=customer,
        customers=customers,
        wording=wording,
        wordings=wordings,
        language=language,
        languages=languages,
    )


def _number(rows: Sequence[Plain], name: str) -> tuple[tuple[str, ...], Ints]:
    return _coded([row.get(name, "") for row in rows])


def _coded(found: list[str]) -> tuple[tuple[str, ...], Ints]:
    """Give texts numbers in alphabetical order, so that the numbers do not depend on who answered first."""
    names = tuple(sorted(set(found)))
    places = {name: place for place, name in enumerate(names)}
    return names, np.fromiter((places[text] for text in found), np.int64, len(found))


def _second(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


class _Codes(dict[tuple[str, Any], int]):
    """The code of each state and value of a question; what is neither known nor a kind of missing is invalid."""

    def __init__(self, question: Question) -> None:
        if question.kind == SINGLE_CHOICE:
            known: dict[Any, int] = {choice.code: place for place, choice in enumerate(question.choices)}
        else:
            low, high = question.points
            known = {value: value for value in range(low, high + 1)}
        super().__init__({("answered", value): code for value, code in known.items()})

    def __missing__(self, key: tuple[str, Any]) -> int:
        code = self[key] = MISSING.get(key[0], INVALID)
        return code


_NONE: Plain = {"state": "not_asked"}


def _cells(answers: Sequence[Plain], question: Question) -> list[Plain]:
    """Give a question's answers, those under its earlier id included."""
    name, was = question.id, question.was
    if was:
        return [row.get(name) or row.get(was) or _NONE for row in answers]
    return [row.get(name, _NONE) for row in answers]


def _values(answers: Sequence[Plain], question: Question) -> Ints:
    codes = _Codes(question)
    cells = _cells(answers, question)
    return np.fromiter((codes[cell["state"], cell.get("value")] for cell in cells), np.int16, len(cells))


def _several(answers: Sequence[Plain], question: Question) -> Ints:
    bits = {choice.code: 1 << place for place, choice in enumerate(question.choices)}

    def chosen(cell: Plain) -> int:
        if cell["state"] != "answered":
            return MISSING.get(cell["state"], INVALID)
        return sum(bits[code] for code in set(str(cell["value"]).split()) & bits.keys()) or INVALID

    return np.fromiter((chosen(cell) for cell in _cells(answers, question)), np.int64, len(answers))


def _texts(answers: Sequence[Plain], question: Question) -> Objects:
    words = (cell.get("value") for cell in _cells(answers, question))
    return np.fromiter((one.strip() if isinstance(one, str) else "" for one in words), np.object_, len(answers))


def completeness(columns: Columns) -> NDArray[np.str_]:
    """Give each response's disposition: I complete, P partial or R break-off (80 % or more, 50 % or more, less).

    Of what was asked: the countable questions that were put. Not applicable is an answer; blank and invalid are none.
    """
    asked = np.zeros(len(columns), np.int64)
    done = np.zeros(len(columns), np.int64)
    for values in columns.values.values():
        asked += values != NOT_ASKED
        done += (values >= 0) | (values == NOT_APPLICABLE)
    complete, partial = 10 * done >= 8 * asked, 2 * done >= asked
    return np.where(complete & (asked > 0), "I", np.where(partial & (asked > 0), "P", "R"))
