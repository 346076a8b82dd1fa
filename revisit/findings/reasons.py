"""Reasons: what customers name after a low answer, counted per dimension and ready for a Pareto chart."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from revisit.findings.counts.clusters import share_effect
from revisit.findings.counts.codes import MISSING, SEVERAL, SINGLE_CHOICE, Ints
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import scores
from revisit.findings.withholding.suppression import Withheld
from revisit.records.reasons import low_comparisons
from revisit.records.survey import Question, Survey


class ReasonQuestion(NamedTuple):
    """A question that asks for reasons after low answers, and the dimension these belong to; None: to the whole."""

    question: Question
    dimension: str | None


def reason_questions(survey: Survey) -> tuple[ReasonQuestion, ...]:
    """Give the questions of a survey that ask for reasons.

    They are the choices, one or several, whose condition asks for a low answer to a scale question
    (``show-if="speed_work <= 3"``). They belong to the dimension of that question, or of their section; single reasons
    may have a dimension of their own.
    """
    return tuple(_reason_questions(survey))


def _reason_questions(survey: Survey) -> Iterator[ReasonQuestion]:
    items = {question.id: question for question in survey.questions if question.is_scale}
    for section in survey.sections:
        for question in section.questions:
            if question.kind not in {SINGLE_CHOICE, SEVERAL}:
                continue
            trees = [one.show_if.tree for one in (section, question) if one.show_if is not None]
            low = [
                items[name] for tree in trees for _sign, names, _bound in low_comparisons(tree, items) for name in names
            ]
            if low:
                named = {item.dimension for item in low} - {None}
                yield ReasonQuestion(question, named.pop() if len(named) == 1 else section.dimension)


def reasons(evidence: Evidence, withheld: Withheld) -> list[dict[str, Any]]:
    """Give each reason question with its reasons, the commonest first: count, share of those who named any, interval.

    ``cumulative`` is the share of all reasons named so far down the list: the line of a Pareto chart.
    """
    return [_block(evidence, one, withheld) for one in reason_questions(evidence.survey)]


def _block(evidence: Evidence, asked: ReasonQuestion, withheld: Withheld) -> dict[str, Any]:
    question, now = asked.question, evidence.now
    several = question.kind == SEVERAL
    column: Ints = (now.several if several else now.values)[question.id]
    n = int((column >= 0).sum())
    seen, head = withheld.head(f"reasons.{question.id}", n, (f"items.{question.id}",))
    found: dict[str, Any] = {"question": question.id, "dimension": asked.dimension, **head}
    if not seen:
        return {**found, **dict.fromkeys((*MISSING, "named", "options"))}
    chosen = [
        (column >= 0) & ((column >> place) & 1 == 1) if several else column == place
        for place in range(len(question.choices))
    ]
    counts = [int(one.sum()) for one in chosen]
    named, before = sum(counts), 0
    rows = []
    for place in np.argsort(-np.array(counts), kind="stable").tolist():
        share = scores.share(counts[place], n, share_effect(now, chosen[place], column >= 0))
        assert share is not None  # noqa: S101 — n is ten or more
        before += counts[place]
        rows.append(
            {
                "code": question.choices[place].code,
                "dimension": question.choices[place].dimension or asked.dimension,
                "count": counts[place],
                **share.limits(),
                "cumulative": before / named,
            }
        )
    missing = {why: int((column == code).sum()) for why, code in MISSING.items()}
    return {**found, **missing, "named": named, "options": rows}


def leading(block: dict[str, Any], dimension: str | None = None) -> list[str]:
    """Give the reasons, or those of a dimension, that may be called the commonest: the first and those it meets.

    None where that is more than half of them that anybody named.
    """
    rows = [row for row in block["options"] or () if row["count"] and dimension in (None, row.get("dimension"))]
    if not rows:
        return []
    group = [row["code"] for row in rows if row["high"] >= rows[0]["low"]]
    return group if len(rows) == 1 or len(group) * 2 <= len(rows) else []
