"""The state of each question in an answer that another tool gathered: answered, not applicable, blank, not asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from revisit.forms.form import is_asked
from revisit.records.reasons import offered_codes
from revisit.records.responses import Answer
from revisit.records.survey import Question, Section, Survey
from revisit.visits.answers_words import names_of

NOT_ASKED = Answer("not_asked")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a survey asks, in its order: each question with its section and the names of its answers."""

    questions: tuple[tuple[Section, Question, tuple[str, ...]], ...]
    scales: Mapping[str, Question]

    @classmethod
    def of(cls, survey: Survey) -> "Asked":
        """Look a survey through once for many answers."""
        found = [(section, one, names_of(one)) for section in survey.sections for one in section.questions]
        return cls(tuple(found), {one.id: one for one in survey.questions if one.is_scale})

    def decide(self, given: Mapping[str, Answer], facts: Mapping[str, str]) -> dict[str, Answer]:
        """Give every question its state, by the rule of the web form: what a condition hides was not asked.

        A question that the other tool did not have was not asked either.
        """
        decided: dict[str, Answer] = {}
        for section, question, names in self.questions:
            asked = is_asked(section, question, decided, facts)
            for name in names:
                decided[name] = given.get(name, NOT_ASKED) if asked else NOT_ASKED
            if asked and question.reasons:
                decided[question.id] = self._of_low_answers(question, decided, facts)
        return decided

    def _of_low_answers(self, question: Question, decided: Mapping[str, Answer], facts: Mapping[str, str]) -> Answer:
        """Give the answer to a question for reasons without those of dimensions about which no answer was low."""
        given = decided[question.id]
        if given.state != "answered":
            return given
        offered = offered_codes(question, self.scales, decided, facts)
        codes = [code for code in str(given.value).split(" ") if code in offered]
        return Answer("answered", " ".join(codes)) if codes else Answer("blank")
