"""Edits: what a changed survey does to the answers that were given to its published versions.

Each change is an error where it loses data, a warning where it breaks the trend, and a note where it is safe.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from revisit.forms.catalogue import Place
from revisit.forms.nearest import guess
from revisit.records.conditions import Condition
from revisit.records.problems import Problem
from revisit.records.responses import Answer
from revisit.records.survey import OTHER, Question, Section, Survey

# How often each value was answered, by the name of the answer.
Counts = Mapping[str, Mapping[int | str, int]]


@dataclass(frozen=True, slots=True)
class History:
    """What was published of one survey: the last version and all forms before it; ``counts`` is asked once needed."""

    last: Survey
    earlier: Sequence[Survey]
    counts: Callable[[], Counts]

    def kinds(self, question_id: str) -> set[str]:
        """Give the kinds that an id had in earlier versions."""
        found = (survey.question(question_id) for survey in self.earlier)
        return {question.kind for question in found if question is not None}

    def answered(self, question_id: str) -> int:
        """Count the answers to a question."""
        return sum(self.counts().get(question_id, {}).values())


def count(answers: Sequence[Mapping[str, Answer]]) -> dict[str, dict[int | str, int]]:
    """Count the values of stored answers by name; several codes count each."""
    found: dict[str, dict[int | str, int]] = {}
    for given in answers:
        for name, answer in given.items():
            if answer.state != "answered" or answer.value is None:
                continue
            held = found.setdefault(name, {})
            for value in answer.value.split(" ") if isinstance(answer.value, str) else [answer.value]:
                held[value] = held.get(value, 0) + 1
    return found


def compare_versions(new: Survey, history: History, path: str) -> list[Problem]:
    """Classify every change from the last published version of a survey to its new one."""
    return sorted(_Comparison(new, history, Place(path)).problems())


def gone(history: History, path: str) -> list[Problem]:
    """Say what is lost with a survey whose file is no longer there."""
    answers = max((history.answered(question.id) for question in history.last.questions), default=0)
    if not answers:
        return []
    return [Place(path).problem("E005", name=history.last.name, count=answers, file=path)]


class _Comparison:
    """Goes through a new version beside the last one."""

    def __init__(self, new: Survey, history: History, place: Place) -> None:
        self.new = new
        self.old = history.last
        self.history = history
        self.place = place
        self.before = {question.id: question for question in self.old.questions}
        self.taken = {question.was for question in new.questions if question.was}

    def problems(self) -> Iterator[Problem]:
        if self.new.form_hash == self.old.form_hash and self.new.text_hash == self.old.text_hash:
            yield from self.weights()
            return
        now = {question.id: question for question in self.new.questions}
        for name, question in self.before.items():
            if name not in now and name not in self.taken and question.kind != "statement":
                yield from self.removed(name)
        for question in now.values():
            if question.kind != "statement":
                yield from self.question(question, self.place.at(question.line))
        yield from self.weights()
        yield from self.order()
        for one in self.new.sections:
            there = [other for other in self.old.sections if _ids(other) & _ids(one)]
            if there and _tree(there[0].show_if) != _tree(one.show_if):
                line = one.questions[0].line
                yield self.place.at(line).problem("E010", what="condition", name=one.title)

    def removed(self, name: str) -> Iterator[Problem]:
        answers = self.history.answered(name)
        if answers:
            yield self.place.problem("E001", name=name, count=answers)
        else:
            yield self.place.problem("E024", name=name)

    def question(self, question: Question, here: Place) -> Iterator[Problem]:
        old = self.before.get(question.id)
        if old is None and question.was:
            old = self.before.get(question.was)
            if old is not None:
                yield here.problem("E022", name=question.id, was=question.was)
            elif not self.history.kinds(question.was):
                yield here.problem("E007", name=question.was, guess=guess(question.was, self.before))
        if old is None:
            kinds = self.history.kinds(question.id) - {question.kind}
            if kinds and self.history.answered(question.id):
                yield here.problem("E006", name=question.id, old=", ".join(sorted(kinds)))
            elif not question.was:
                yield here.problem("E021", name=question.id)
            return
        if old.kind != question.kind:
            yield from self.kind(question, old, here)
            return
        yield from self.choices(question, old, here)
        yield from self.meaning(question, old, here)

    def kind(self, question: Question, old: Question, here: Place) -> Iterator[Problem]:
        answers = self.history.answered(old.id)
        if answers:
            yield here.problem("E002", name=question.id, old=old.kind, new=question.kind, count=answers)
        else:
            yield here.problem("E023", what="kind", name=question.id)

    def choices(self, question: Question, old: Question, here: Place) -> Iterator[Problem]:
        before, after = ([choice.code for choice in each.choices] for each in (old, question))
        if question.is_scale and len(before) != len(after):
            answers = self.history.answered(old.id)
            words = {"name": question.id, "old": len(before), "new": len(after), "count": answers}
            yield here.problem("E004", **words) if answers else here.problem("E023", what="scale", name=question.id)
            return
        yield from self.besides(question, old, here)
        lost = [code for code in before if code not in after]
        for code in lost:
            chosen = self.history.counts().get(old.id, {}).get(code, 0)
            if chosen:
                yield here.problem("E003", code=code, name=question.id, count=chosen)
            else:
                yield here.problem("E023", what="list of options", name=question.id)
        if any(code not in before for code in after):
            yield here.problem("E010", what="list of options", name=question.id)
        elif not lost and before != after:
            yield here.problem("E023", what="order of options", name=question.id)
        if question.kind == "number" and old.points != question.points:
            least, greatest = question.points
            values = self.history.counts().get(old.id, {})
            outside = sum(n for value, n in values.items() if isinstance(value, int) and not least <= value <= greatest)
            if outside:
                yield here.problem("E008", name=question.id, count=outside)
            else:
                yield here.problem("E023", what="range", name=question.id)

    def besides(self, question: Question, old: Question, here: Place) -> Iterator[Problem]:
        """Tell what was asked besides and is no more: a phone number, say. Own words go with their option."""
        for what in old.asks:
            name = f"{old.id}.{what}"
            if what in question.asks or what == OTHER:
                continue
            answers = self.history.answered(name)
            yield here.problem("E001", name=name, count=answers) if answers else here.problem("E024", name=name)
        for what in question.asks:
            if what not in old.asks and what != OTHER:
                yield here.problem("E021", name=f"{question.id}.{what}")

    def meaning(self, question: Question, old: Question, here: Place) -> Iterator[Problem]:
        broken = {
            "direction": old.reversed != question.reversed,
            "dimension": old.dimension != question.dimension,
            "“does not apply”": old.not_applicable != question.not_applicable,
            "condition": _tree(old.show_if) != _tree(question.show_if),
            "unit": old.unit != question.unit,
            "dimension of reasons": any(_of(old).get(code, where) != where for code, where in _of(question).items()),
        }
        for what, changed in broken.items():
            if changed:
                yield here.problem("E010", what=what, name=question.id)
        labels = [{choice.code: choice.label for choice in each.choices} for each in (old, question)]
        others = not question.is_scale and any(labels[1].get(code, words) != words for code, words in labels[0].items())
        if others or _words(old) != _words(question):
            yield here.problem("E020", name=question.id)
        if question.is_scale and len(old.choices) == len(question.choices) and labels[0] != labels[1]:
            yield here.problem("E010", what="labels of the scale", name=question.id)
        harmless = {
            "“required”": old.required != question.required,
            "length": (old.max_length, old.short) != (question.max_length, question.short),
            "matrix": (old.group != "") != (question.group != ""),
        }
        for what, changed in harmless.items():
            if changed:
                yield here.problem("E023", what=what, name=question.id)

    def weights(self) -> Iterator[Problem]:
        if self.old.weights != self.new.weights:
            yield self.place.problem("E011")
        before, after = ({one.id: one.weights for one in each.composites} for each in (self.old, self.new))
        for name in before.keys() & after.keys():
            if before[name] != after[name]:
                yield self.place.problem("E013", name=name)
        if before.keys() != after.keys():
            yield self.place.problem("E023", what="list of composites", name=self.new.name)
        if self.old.themes != self.new.themes:
            yield self.place.problem("E023", what="list of themes", name=self.new.name)
        if self.old.sampled != self.new.sampled:
            old, new = ("sample" if one.sampled else "all" for one in (self.old, self.new))
            yield self.place.problem("E014", old=old, new=new)
        if self.old.min_items != self.new.min_items:
            yield self.place.problem("E012", old=self.old.min_items or "half", new=self.new.min_items or "half")

    def order(self) -> Iterator[Problem]:
        """Tell the first question that stands at another place among those that were there before."""
        after = [question.was or question.id for question in self.new.questions]
        before = [name for name in self.before if name in after]
        now = [(question.was or question.id, question) for question in self.new.questions]
        moved = [question for name, question in now if name in before]
        for name, question in zip(before, moved, strict=False):
            if name not in (question.id, question.was):
                yield self.place.at(question.line).problem("E023", what="place", name=question.id)
                return


def _words(question: Question) -> tuple[object, ...]:
    return question.label, question.stem, question.help, question.quotes


def _of(question: Question) -> dict[str, str | None]:
    """Give the dimension of each reason by its code."""
    return {choice.code: choice.dimension for choice in question.choices}


def _ids(section: Section) -> set[str]:
    return {question.id for question in section.questions}


def _tree(condition: Condition | None) -> object:
    return None if condition is None else condition.tree
