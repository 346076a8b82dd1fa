"""Translations: a file in another language joined with its source, and every difference by its line."""

from collections.abc import Iterator
from dataclasses import replace

from revisit.forms.catalogue import Place
from revisit.forms.nearest import guess, nearest
from revisit.forms.questions import Draft, Traits
from revisit.forms.quotes import quoted_by, quoted_in
from revisit.forms.scales import has_words, standard_label
from revisit.records.problems import Problem
from revisit.records.survey import NONE, OTHER, Choice, Question, Section, Survey
from revisit.texts import translations


def compare(draft: Draft, source: Survey, language: str, path: str, source_path: str) -> list[Problem]:
    """Report where a translation asks something else than its source does. An attribute may be left out."""
    return list(_Comparison(draft, source, language, path, source_path).problems())


def join(draft: Draft, source: Survey, language: str) -> tuple[Section, ...]:
    """Give the source's sections in the translation's words. The translation must have been compared without fault."""
    return tuple(
        replace(
            section,
            title=words.title,
            intro=words.intro,
            questions=tuple(
                _worded(question, said, choices_of(question, said, draft.traits[said.id], source.language, language))
                for question, said in zip(section.questions, words.questions, strict=True)
            ),
        )
        for section, words in zip(source.sections, draft.sections, strict=True)
    )


def _worded(question: Question, said: Question, choices: tuple[Choice, ...]) -> Question:
    return replace(
        question,
        label=said.label,
        help=said.help,
        stem=said.stem,
        quotes=said.quotes,
        unit=said.unit or question.unit,
        choices=choices,
        line=said.line,
    )


def choices_of(
    question: Question, said: Question, traits: Traits, source_language: str, language: str
) -> tuple[Choice, ...]:
    """Give the source's choices in the translation's words, as far as there are any.

    Where the source has the house's words for a choice, the translation need not write it: it gets the house's words of
    its own language.
    """
    written = {choice.code: choice for choice in said.choices if choice.code in traits.codes}
    found = []
    for choice in question.choices:
        words = [
            standard_label(question, choice.code, translations("form", each).gettext) if has_words(each) else ""
            for each in (source_language, language)
        ]
        # What a file cannot write itself stands there in the words of the house, whatever its language.
        fixed = question.kind in ("nps", "contact", "consent") or bool(question.group)
        if choice.code in written:
            found.append(replace(choice, label=written[choice.code].label))
        elif fixed:
            found.append(replace(choice, label=words[1] or choice.label))
        elif words[1] and words[0] == choice.label and (traits.kind != "choice" or choice.code in _ADDED):
            found.append(replace(choice, label=words[1]))
    return tuple(found)


class _Comparison:
    """Goes through a translation beside its source."""

    def __init__(self, draft: Draft, source: Survey, language: str, path: str, source_path: str) -> None:
        self.draft = draft
        self.source = source
        self.place = Place(path)
        self.language = language
        self.source_name = source_path.rpartition("/")[2]
        self.wanted = {question.id: question for question in source.questions}
        self.found = draft.questions

    def problems(self) -> Iterator[Problem]:
        missing = [name for name in self.wanted if name not in self.found]
        unknown = [name for name in self.found if name not in self.wanted and name in self.draft.traits]
        meant = {nearest(name, missing) for name in unknown}  # of these the question itself tells
        for name in missing:
            if name in meant:
                continue
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
            if attribute == "show-if" and value is None:
                continue  # it could not be read, which is told, or names a question that is missing here
            here = traits.given.get(attribute, traits.place)
            words = {"what": what, "name": said.id, "source": self.source_name, "line": wanted.line}
            yield here.problem("T004", wanted=_shown(right), **words)
        quoted = quoted_by(said), quoted_by(wanted)
        if quoted[0] != quoted[1] and (not said.group or said.id == self.first(said.group)):
            yield self.quotes(traits.place, said.group or said.id, wanted.line, quoted[1])
        if said.kind == wanted.kind and not said.group:
            yield from self.options(said, wanted, traits)

    def first(self, group: str) -> str:
        """Give the first item of a matrix: what stands above all of them is told once."""
        return next(name for name, question in self.wanted.items() if question.group == group)

    def quotes(self, here: Place, name: str, line: int, wanted: list[str]) -> Problem:
        listed = ", ".join(wanted) or "none"
        return here.problem("T013", name=name, source=self.source_name, line=line, wanted=listed)

    def options(self, said: Question, wanted: Question, traits: Traits) -> Iterator[Problem]:
        found = choices_of(wanted, said, traits, self.source.language, self.language)
        here = [choice.code for choice in found]
        lacking = [choice.code for choice in wanted.choices if choice.code not in here]
        there = {choice.code for choice in wanted.choices}
        unknown = {code: place for code, place in traits.codes.items() if code not in there}
        meant = {nearest(code, lacking) for code in unknown}
        for code in lacking:
            if code not in meant:
                yield traits.place.problem("T006", code=code, name=said.id, source=self.source_name)
        for code, place in unknown.items():
            yield place.problem("T007", code=code, name=said.id, source=self.source_name, guess=guess(code, lacking))

    def order(self) -> Iterator[Problem]:
        if len(self.draft.sections) != len(self.source.sections):
            sizes = {"size": len(self.draft.sections), "wanted": len(self.source.sections)}
            yield self.place.at(1).problem("T008", source=self.source_name, **sizes)
            return
        for number, (said, wanted) in enumerate(zip(self.draft.sections, self.source.sections, strict=True), 1):
            quoted = sorted(quoted_in(wanted.intro))
            if sorted(quoted_in(said.intro)) != quoted:
                here = self.draft.section_places[number - 1]
                yield self.quotes(here, said.title, wanted.questions[0].line, quoted)
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
    yield ("scale", "scale", said.kind, wanted.kind) if said.group else ("kind", ".", said.kind, wanted.kind)
    yield "required", "required", said.required, wanted.required
    yield "na", "na", said.not_applicable, wanted.not_applicable
    yield "reversed", "reversed", said.reversed, wanted.reversed
    yield "dimension", "dimension", said.dimension, wanted.dimension
    yield "short", "short", said.short, wanted.short
    if wanted.kind == "number":
        yield "min", "min", said.least, wanted.least
        yield "max", "max", said.greatest, wanted.greatest
    else:
        yield "max", "max", said.max_length, wanted.max_length
    for name, flag in (("ask", wanted.kind == "contact"), ("other", wanted.kind in ("choice", "choices"))):
        if flag:
            yield name, name, said.asks, wanted.asks
    yield "none", "none", said.exclusive, wanted.exclusive
    trees = [None if each is None else each.tree for each in (said.show_if, wanted.show_if)]
    if trees[0] != trees[1]:
        yield "show-if", "show-if", said.show_if, None if wanted.show_if is None else wanted.show_if.source


# What the house adds to a list of options, whatever else stands in it.
_ADDED = (OTHER, NONE)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "present" if value else "absent"
    if isinstance(value, tuple):
        return " ".join(value) or "absent"
    return "absent" if value is None else f"{value}"
