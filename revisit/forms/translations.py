"""Translations: a file in another language joined with its source, and every difference by its line."""

from collections.abc import Iterator
from dataclasses import replace

from revisit.forms.catalogue import Place
from revisit.forms.nearest import guess
from revisit.forms.questions import Draft, Traits
from revisit.records.problems import Problem
from revisit.records.survey import Question, Section, Survey


def compare(draft: Draft, source: Survey, path: str, source_path: str) -> list[Problem]:
    """Report where a translation asks something else than its source does. An attribute may be left out."""
    return list(_Comparison(draft, source, path, source_path).problems())


def join(draft: Draft, source: Survey) -> tuple[Section, ...]:
    """Give the source's sections in the translation's words. The translation must have been compared without fault."""
    return tuple(
        replace(
            section,
            title=words.title,
            intro=words.intro,
            questions=tuple(
                _worded(question, said) for question, said in zip(section.questions, words.questions, strict=True)
            ),
        )
        for section, words in zip(source.sections, draft.sections, strict=True)
    )


def _worded(question: Question, said: Question) -> Question:
    labels = {choice.code: choice for choice in said.choices}
    choices = tuple(labels[choice.code] for choice in question.choices)
    return replace(question, label=said.label, help=said.help, choices=choices, line=said.line)


class _Comparison:
    """Goes through a translation beside its source."""

    def __init__(self, draft: Draft, source: Survey, path: str, source_path: str) -> None:
        self.draft = draft
        self.source = source
        self.place = Place(path)
        self.source_name = source_path.rpartition("/")[2]
        self.wanted = {question.id: question for question in source.questions}
        self.found = draft.questions

    def problems(self) -> Iterator[Problem]:
        missing = [name for name in self.wanted if name not in self.found]
        unknown = [name for name in self.found if name not in self.wanted and name in self.draft.traits]
        for name in missing:
            line = self.wanted[name].line
            yield self.after(name).problem("T002", name=name, source=self.source_name, line=line)
        for name in unknown:
            here = self.draft.traits[name].place
            yield here.problem("T003", name=name, source=self.source_name, guess=guess(name, missing))
        for name, question in self.found.items():
            if name in self.wanted and name in self.draft.traits:
                yield from self.question(question, self.wanted[name], self.draft.traits[name])
        if not missing and not unknown:
            yield from self.order()

    def after(self, name: str) -> Place:
        """Give the place below which a missing question belongs: the nearest one above it that is there."""
        order = list(self.wanted)
        for above in reversed(order[: order.index(name)]):
            if above in self.draft.traits:
                return self.draft.traits[above].place
        return self.place.at(1)

    def question(self, said: Question, wanted: Question, traits: Traits) -> Iterator[Problem]:
        for what, attribute, value, right in _differences(said, wanted):
            if value == right or (attribute != "." and attribute not in traits.given):
                continue
            here = traits.given.get(attribute, traits.place)
            words = {"what": what, "name": said.id, "source": self.source_name, "line": wanted.line}
            yield here.problem("T004", wanted=_shown(right), **words)
        if said.kind == wanted.kind:
            yield from self.options(said, wanted, traits)

    def options(self, said: Question, wanted: Question, traits: Traits) -> Iterator[Problem]:
        here = [choice.code for choice in said.choices]
        there = [choice.code for choice in wanted.choices]
        lacking = [code for code in there if code not in here]
        for code in lacking:
            yield traits.place.problem("T006", code=code, name=said.id, source=self.source_name)
        for code in here:
            if code not in there:
                place = traits.codes.get(code, traits.place)
                yield place.problem(
                    "T007", code=code, name=said.id, source=self.source_name, guess=guess(code, lacking)
                )

    def order(self) -> Iterator[Problem]:
        if len(self.draft.sections) != len(self.source.sections):
            sizes = {"size": len(self.draft.sections), "wanted": len(self.source.sections)}
            yield self.place.at(1).problem("T008", source=self.source_name, **sizes)
            return
        for number, (said, wanted) in enumerate(zip(self.draft.sections, self.source.sections, strict=True), 1):
            right = {question.id for question in wanted.questions}
            for question in said.questions:
                if question.id in self.draft.traits and question.id not in right:
                    home = next(
                        at
                        for at, section in enumerate(self.source.sections, 1)
                        if question.id in {each.id for each in section.questions}
                    )
                    here = self.draft.traits[question.id].place
                    words = {"name": question.id, "section": number, "source": self.source_name, "wanted": home}
                    yield here.problem("T009", **words)
                    return
        for said_id, wanted_id in zip(self.found, self.wanted, strict=False):
            if said_id != wanted_id:
                here = self.draft.traits[said_id].place if said_id in self.draft.traits else self.place
                yield here.problem("T005", name=said_id, source=self.source_name)
                return


def _differences(said: Question, wanted: Question) -> Iterator[tuple[str, str, object, object]]:
    yield "kind", ".", said.kind, wanted.kind
    yield "required", "required", said.required, wanted.required
    yield "na", "na", said.not_applicable, wanted.not_applicable
    yield "reversed", "reversed", said.reversed, wanted.reversed
    yield "dimension", "dimension", said.dimension, wanted.dimension
    yield "max", "max", said.max_length, wanted.max_length
    yield "short", "short", said.short, wanted.short
    yield "ask", "ask", said.asks, wanted.asks
    trees = [None if each is None else each.tree for each in (said.show_if, wanted.show_if)]
    if trees[0] != trees[1]:
        yield "show-if", "show-if", said.show_if, None if wanted.show_if is None else wanted.show_if.source


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "present" if value else "absent"
    if isinstance(value, tuple):
        return " ".join(value) or "absent"
    return "absent" if value is None else f"{value}"
