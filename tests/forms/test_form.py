"""The form: what a browser may send and what is made of it."""

from collections.abc import Callable

import pytest

from revisit.forms.combinations import combination, combinations
from revisit.forms.form import AnswerForm, Posted, answer_form
from revisit.forms.library import read_library
from revisit.records.responses import Answer
from revisit.records.survey import Survey
from revisit.settings import defaults

MARKDOWN = """
### Overall? {: #overall .satisfaction required na }

### Fixed? {: #fixed .choice }
- yes: Yes
- no: No

### Which ways? {: #ways .choices na }
- phone: Phone
- web: Web
- desk: Desk

### Recommend? {: #recommend .nps }

### Why? {: #why .text required max=20 show-if="overall <= 3" }

### Your plate? {: #plate .text short }

### May we call? {: #call .contact ask="phone email" }

## Price {: dimension=price show-if="order.payer = customer" }

### Fair? {: #fair .agreement }

### A remark {: #remark .statement }
"""

BLANK = Answer("blank")
Read = Callable[..., Survey]


def checked(survey: Survey, sent: list[tuple[str, str]], facts: dict[str, str] | None = None) -> AnswerForm:
    form = answer_form(survey, facts or {}, Posted(sent))
    form.check()
    return form


@pytest.mark.parametrize(
    ("sent", "name", "answer"),
    [
        ([("overall", "4")], "overall", Answer("answered", 4)),
        ([("overall", "na")], "overall", Answer("na")),
        ([("fixed", "yes")], "fixed", Answer("answered", "yes")),
        ([("recommend", "0")], "recommend", Answer("answered", 0)),
        ([("recommend", "10")], "recommend", Answer("answered", 10)),
        ([], "recommend", BLANK),
        ([("recommend", "")], "recommend", BLANK),
        ([("ways", "desk"), ("ways", "phone")], "ways", Answer("answered", "phone desk")),
        ([("ways", "na")], "ways", Answer("na")),
        ([], "ways", BLANK),
        ([("overall", "1"), ("why", " it\r\nbroke\x00 ")], "why", Answer("answered", "it\nbroke")),
        ([("overall", "4"), ("why", "it broke")], "why", Answer("not_asked")),
        ([("plate", " a \n b ")], "plate", Answer("answered", "a b")),
        ([("call", "yes"), ("call.phone", "+86 130 0000 0012")], "call.phone", Answer("answered", "+86 130 0000 0012")),
        ([("call", "yes")], "call.phone", BLANK),
        ([("call", "no"), ("call.phone", "+86 130 0000 0012")], "call.phone", BLANK),
        ([("call.phone", "+86 130 0000 0012")], "call", BLANK),
        ([("call", "yes"), ("call.email", "a@example.com")], "call.email", Answer("answered", "a@example.com")),
        ([("fair", "5")], "fair", Answer("not_asked")),
    ],
)
def test_it_decides_each_state(survey: Read, sent: list[tuple[str, str]], name: str, answer: Answer) -> None:
    form = checked(survey(MARKDOWN), sent)
    assert form.answers()[name] == answer


def test_it_asks_about_the_price_when_the_order_says_so(survey: Read) -> None:
    form = checked(survey(MARKDOWN), [("overall", "4"), ("fair", "5")], {"payer": "customer"})
    assert form.answers()["fair"] == Answer("answered", 5)
    assert form.errors == {}


def test_it_has_a_state_for_every_question_but_statements(survey: Read) -> None:
    found = survey(MARKDOWN)
    wanted = {question.id for question in found.questions if question.kind != "statement"} | {
        "call.phone",
        "call.email",
    }
    assert set(checked(found, []).answers()) == wanted


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ([], {"overall": "overall"}),
        ([("overall", "6")], {"overall": "overall"}),
        ([("overall", "4"), ("overall", "5")], {"overall": "overall"}),
        ([("overall", "10" * 200)], {"overall": "overall"}),
        ([("overall", "４")], {"overall": "overall"}),
        ([("overall", "1")], {"why": "why"}),
        ([("overall", "1"), ("why", "x" * 21)], {"why": "why"}),
        ([("overall", "4"), ("why", "x" * 21)], {}),
        ([("overall", "4"), ("fixed", "na")], {"fixed": "fixed"}),
        ([("overall", "4"), ("ways", "phone"), ("ways", "na")], {"ways": "ways"}),
        ([("overall", "4"), ("ways", "smoke")], {"ways": "ways"}),
        ([("overall", "4"), ("call", "yes"), ("call.phone", "1234")], {"call": "call.phone"}),
        ([("overall", "4"), ("call", "yes"), ("call.phone", "9" * 41)], {"call": "call.phone"}),
        ([("overall", "4"), ("call", "yes"), ("call.phone", "(021) 6000-0012 转 8")], {}),
        ([("overall", "4"), ("call", "no"), ("call.phone", "nonsense")], {}),
        ([("overall", "4"), ("call", "yes"), ("call.email", "name at home")], {"call": "call.email"}),
        ([("overall", "4"), ("fair", "nonsense")], {}),
        ([("overall", "4"), ("unknown", "x"), ("__class__", "x"), ("validate", "x")], {}),
    ],
)
def test_it_finds_what_is_wrong_and_in_which_field(
    survey: Read, sent: list[tuple[str, str]], wrong: dict[str, str]
) -> None:
    form = checked(survey(MARKDOWN), sent)
    assert form.wrong_fields == wrong
    assert set(form.errors) == set(wrong)


def test_it_checks_questions_named_like_parts_of_a_form(survey: Read) -> None:
    found = survey("### A? {: #validate .satisfaction required }\n### B? {: #data .text }\n### C? {: #errors .nps }")
    assert set(checked(found, []).errors) == {"validate"}
    assert checked(found, [("validate", "3"), ("data", "x")]).answers()["data"] == Answer("answered", "x")


@pytest.mark.parametrize("name", ["repair", "repair-full"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_it_takes_its_own_answers_to_every_shipped_survey(name: str, language: str) -> None:
    found = read_library(defaults() / "surveys")[0].survey(name, language)
    assert found is not None
    for facts in combinations(found).values():
        sent = {question.id: question.choices[-1].code for question in found.questions if question.choices}
        sent |= {"attitude_people": "2", "attitude_patience": "2", "comment": "很好"}
        form = checked(found, [pair for pair in sent.items() if found.question(pair[0])], facts)
        assert form.errors == {}
        hidden = {name for name, answer in form.answers().items() if answer.state == "not_asked"}
        assert {name.split("_")[0] for name in hidden} == ({"price"} if facts.get("payer") != "customer" else set())


def test_it_makes_a_page_for_each_set_of_facts_that_matters(survey: Read) -> None:
    assert combinations(survey(MARKDOWN)) == {"a": {"payer": "customer"}, "b": {}}
    assert combination(survey(MARKDOWN), {"payer": "customer", "kind": "repair"}) == "a"
    for facts in ({}, {"payer": "warranty"}, {"payer": "nonsense"}, {"kind": "repair"}):
        assert combination(survey(MARKDOWN), facts) == "b"


def test_it_makes_one_page_where_no_fact_matters(survey: Read) -> None:
    found = survey("### A? {: #a .text }\n")
    assert combinations(found) == {"": {}}
    assert combination(found, {"payer": "customer"}) == ""


def test_it_tells_facts_apart_that_differ_in_their_pages(survey: Read) -> None:
    found = survey(
        '### A? {: #a .text show-if="order.payer in (customer, insurance)" }\n'
        '### B? {: #b .text show-if="order.kind != recall" }\n'
    )
    assert len(combinations(found)) == 4
    assert len({combination(found, facts) for facts in combinations(found).values()}) == 4


@pytest.mark.parametrize(
    ("sent", "error", "stored"),
    [
        ([("call.phone", "+86 130 0000 0012")], "Choose an answer to “May we call?”", "blank"),
        ([("call", "yes"), ("call.phone", "+86 130 0000 0012")], "", "answered"),
        ([("call", "no"), ("call.phone", "+86 130 0000 0012")], "", "blank"),
        ([("call.phone", " ")], "", "blank"),
    ],
)
def test_it_asks_whether_a_number_may_be_rung(
    survey: Read, sent: list[tuple[str, str]], error: str, stored: str
) -> None:
    form = answer_form(survey("### May we call? {: #call .contact ask=phone }\n"), {}, Posted(sent))
    assert form.check() is (not error)
    assert form.errors == ({"call": error} if error else {})
    assert form.answers()["call.phone"].state == stored
