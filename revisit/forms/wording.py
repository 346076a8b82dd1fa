"""Wording: a condition in the words of the page's language, for people whose page cannot hide a question."""

import math
from collections.abc import Callable, Mapping

from revisit.records.conditions import Tree
from revisit.records.survey import Question, Survey

Gettext = Callable[[str], str]


def words(tree: Tree, survey: Survey, numbers: Mapping[str, str], gettext: Gettext) -> str:
    """Say a condition that names no order fact; ``numbers`` are those of the questions on the page.

    What stands in the tree as a comparison with a number becomes the label of that point of the scale.
    """
    return _Wording(survey, numbers, gettext).say(tree)


class _Wording:
    """Says one condition; every method gives a piece of the sentence."""

    def __init__(self, survey: Survey, numbers: Mapping[str, str], gettext: Gettext) -> None:
        self.survey = survey
        self.numbers = numbers
        self.gettext = gettext

    def say(self, tree: Tree, within: str = "") -> str:
        _ = self.gettext
        head = tree[0]
        if head in ("and", "or"):
            joined = (_(" and ") if head == "and" else _(" or ")).join(self.say(part, head) for part in tree[1:])
            return _("(%(condition)s)") % {"condition": joined} if within and within != head else joined
        if head == "not":
            if tree[1][0] == "answered":
                return _("you did not answer question %(question)s") % {"question": self.number(tree[1][1])}
            return _("it is not so that %(condition)s") % {"condition": self.say(tree[1], "not")}
        if head == "answered":
            return _("you answered question %(question)s") % {"question": self.number(tree[1])}
        return self.comparison(tree)

    def number(self, name: str) -> str:
        return self.numbers.get(name, "–")

    def asked(self, names: list[str]) -> list[str]:
        """Leave out what the page does not ask: no answer to it can count."""
        return [name for name in names if name in self.numbers] or names

    def comparison(self, tree: Tree) -> str:
        _ = self.gettext
        operator, operand, wanted = tree
        names = self.asked(operand[1:]) if operand[0] in ("any", "mean") else operand[1:]
        question = self.survey.question(names[0])
        who = self.who(operand[0], names)
        if operand[0] == "mean" or question is None:
            return self.measured(who, operator, wanted)
        if operator == "in":
            listed = _(", ").join(self.quoted(question, value) for value in wanted)
            return _("%(who)s is one of %(values)s") % {"who": who, "values": listed}
        if operator in ("=", "!="):
            sentence = _("%(who)s is %(value)s") if operator == "=" else _("%(who)s is not %(value)s")
            return sentence % {"who": who, "value": self.quoted(question, wanted)}
        return self.bound(question, who, operator, wanted)

    def measured(self, who: str, operator: str, wanted: object) -> str:
        """Say a bound of an average, which is no point of a scale."""
        _ = self.gettext
        sentences = {
            "<": _("%(who)s is below %(value)s"),
            "<=": _("%(who)s is at most %(value)s"),
            ">": _("%(who)s is above %(value)s"),
            ">=": _("%(who)s is at least %(value)s"),
        }
        sentence = sentences.get(operator) or _("%(who)s is %(sign)s %(value)s")
        return sentence % {"who": who, "sign": _SIGNS[operator], "value": _plain(wanted)}

    def bound(self, question: Question, who: str, operator: str, wanted: float) -> str:
        """Say a bound with a point that still holds: below 3 is 2 or worse."""
        _ = self.gettext
        least, greatest = question.points
        point = {"<": math.ceil(wanted) - 1, ">": math.floor(wanted) + 1}.get(operator, int(wanted))
        given = {"who": who, "value": self.quoted(question, min(max(point, least), greatest))}
        if question.is_scale:
            sentence = _("%(who)s is %(value)s or worse") if operator[0] == "<" else _("%(who)s is %(value)s or better")
        else:
            sentence = _("%(who)s is %(value)s or less") if operator[0] == "<" else _("%(who)s is %(value)s or more")
        return sentence % given

    def who(self, group: str, names: list[str]) -> str:
        _ = self.gettext
        listed = {"questions": _(", ").join(self.number(name) for name in names)}
        if group == "mean":
            return _("the average of your answers to questions %(questions)s") % listed
        if group == "any" and len(names) > 1:
            return _("any of your answers to questions %(questions)s") % listed
        if group == "all" and len(names) > 1:
            return _("each of your answers to questions %(questions)s") % listed
        return _("your answer to question %(question)s") % {"question": self.number(names[0])}

    def quoted(self, question: Question, value: float | str) -> str:
        if question.kind == "nps":
            return str(value)
        if question.kind == "number":
            return f"{value} {question.unit}".strip()
        code = str(value)
        label = next((choice.label for choice in question.choices if choice.code == code), code)
        return self.gettext("“%(words)s”") % {"words": label}


_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "in": "∈"}


def _plain(value: object) -> str:
    return ", ".join(_plain(one) for one in value) if isinstance(value, list) else f"{value}"
