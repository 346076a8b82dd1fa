"""Every kind of question: what may be sent, what is stored, and how it stands on the page."""

import re
from collections.abc import Callable

import pytest

from revisit.forms.form import AnswerForm, Posted, answer_form
from revisit.forms.page import draw
from revisit.forms.scales import standard_choices
from revisit.forms.typed import read_date
from revisit.records.numbers import read_number
from revisit.records.problems import Problem
from revisit.records.responses import Answer
from revisit.records.survey import SCALE_KINDS, Survey
from revisit.settings import Settings
from revisit.texts import translations

Read = Callable[..., Survey]
Faults = Callable[..., tuple[Survey | None, list[Problem]]]
BLANK, NA = Answer("blank"), Answer("na")

MARKDOWN = """
## About it {: dimension=attitude }

### How satisfied are you with each of these? {: #care .matrix na }
Think of the last visit.

- wait: The wait {: dimension=speed required }
- noise: The noise {: reversed dimension=none }

### How easy was it? {: #easy .effort points=7 }

### Was it clean? {: #clean .yesno partly show-if="care_wait <= 3" }

### What did you use? {: #used .choices none other na }
- phone: Phone
- desk: Desk

### Which first? {: #first .choice other }
- phone: Phone
- desk: Desk

### Put these in order {: #sorted .ranking }
- price: The price
- speed: The speed
- care: The care

### How far? {: #km .number unit=km min=-5 max=50000 na }

### When? {: #day .date na }

### You may keep my words {: #agree .consent }
For **two** years.
"""
NEEDED = ("care_wait", "2")


def checked(survey: Survey, *sent: tuple[str, str]) -> AnswerForm:
    form = answer_form(survey, {}, Posted([*sent, NEEDED]))
    form.check()
    return form


@pytest.mark.parametrize(
    ("sent", "name", "answer"),
    [
        ([], "care_wait", Answer("answered", 2)),
        ([("care_noise", "na")], "care_noise", NA),
        ([("easy", "7")], "easy", Answer("answered", 7)),
        ([("clean", "partly")], "clean", Answer("answered", "partly")),
        ([("used", "desk"), ("used", "phone")], "used", Answer("answered", "phone desk")),
        ([("used", "none")], "used", Answer("answered", "none")),
        ([("used", "na")], "used", NA),
        ([("used", "phone"), ("used.other", " A  sign ")], "used", Answer("answered", "phone other")),
        ([("used", "phone"), ("used.other", " A  sign ")], "used.other", Answer("answered", "A sign")),
        ([("used", "none"), ("used.other", "A sign")], "used.other", BLANK),
        ([("first.other", "A sign")], "first", Answer("answered", "other")),
        ([("first", "other"), ("first.other", "A sign")], "first.other", Answer("answered", "A sign")),
        ([("first", "desk"), ("first.other", "A sign")], "first", Answer("answered", "desk")),
        ([("first", "desk"), ("first.other", "A sign")], "first.other", BLANK),
        ([("first", "other")], "first.other", BLANK),
        (
            [("sorted.care", "1"), ("sorted.price", "2"), ("sorted.speed", "")],
            "sorted",
            Answer("answered", "care price"),
        ),
        ([], "sorted", BLANK),
        ([("km", "12,500")], "km", Answer("answered", 12500)),
        ([("km", "-5")], "km", Answer("answered", -5)),
        ([("km", "１２ km")], "km", Answer("answered", 12)),
        ([("km", ""), ("km", "na")], "km", NA),
        ([("km", "7"), ("km", "na")], "km", Answer("answered", 7)),
        ([("day", "2026-08-05")], "day", Answer("answered", "2026-08-05")),
        ([("day", "2026年8月5日")], "day", Answer("answered", "2026-08-05")),
        ([("day", ""), ("day", "na")], "day", NA),
        ([("agree", "yes")], "agree", Answer("answered", "yes")),
        ([], "agree.text", BLANK),
    ],
)
def test_it_decides_each_state(survey: Read, sent: list[tuple[str, str]], name: str, answer: Answer) -> None:
    form = checked(survey(MARKDOWN), *sent)
    assert form.errors == {}
    assert form.answers()[name] == answer


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ([("easy", "8")], "easy"),
        ([("clean", "maybe")], "clean"),
        ([("used", "none"), ("used", "phone")], "used"),
        ([("used", "phone"), ("used.other", "x" * 201)], "used.other"),
        ([("sorted.care", "1"), ("sorted.price", "1")], "sorted.care"),
        ([("sorted.care", "1"), ("sorted.price", "3")], "sorted.price"),
        ([("sorted.care", "4")], "sorted.care"),
        ([("km", "far")], "km"),
        ([("km", "50001")], "km"),
        ([("km", "1.5")], "km"),
        ([("day", "2026-02-30")], "day"),
        ([("day", "5 August")], "day"),
        ([("agree", "no")], "agree"),
    ],
)
def test_it_finds_the_field_that_is_wrong(
    survey: Read, settings: Settings, sent: list[tuple[str, str]], field: str
) -> None:
    found = survey(MARKDOWN)
    form = checked(found, *sent)
    assert list(form.wrong_fields.values()) == [field]
    page = draw(settings, found, {}, form).decode()
    assert f'<a href="#{field.replace(".", "-")}">' in page
    assert f'id="{field.replace(".", "-")}"' in page
    for name, value in sent:
        assert f'value="{value}"' in page or f"selected>{value}<" in page or value in ("8", "maybe"), (name, value)


def test_it_stops_short_of_wrong_rankings_that_are_required(survey: Read) -> None:
    found = survey("### Order? {: #sorted .ranking required }\n- a: A\n- b: B\n\n### C? {: #care_wait .satisfaction }")
    assert checked(found, ("sorted.a", "1")).wrong_fields == {"sorted": "sorted.b"}
    assert checked(found, ("sorted.a", "2"), ("sorted.b", "1")).answers()["sorted"] == Answer("answered", "b a")


def test_it_keeps_the_words_that_were_agreed_to(survey: Read) -> None:
    one = checked(survey(MARKDOWN), ("agree", "yes")).answers()["agree.text"]
    other = checked(survey(MARKDOWN.replace("**two**", "**ten**")), ("agree", "yes")).answers()["agree.text"]
    assert re.fullmatch("[0-9a-f]{16}", str(one.value))
    assert one != other
    required = survey(MARKDOWN.replace(".consent }", ".consent required }"))
    assert checked(required).errors == {"agree": "Tick the box to agree to “You may keep my words”"}


def test_it_makes_items_of_a_matrix_questions_of_their_own(survey: Read) -> None:
    wait, noise = survey(MARKDOWN).questions[:2]
    assert (wait.id, wait.kind, wait.dimension, wait.required, wait.not_applicable) == (
        "care_wait", "satisfaction", "speed", True, True,
    )  # fmt: skip
    assert (noise.id, noise.dimension, noise.required, noise.reversed) == ("care_noise", None, False, True)
    assert {(item.group, item.stem) for item in (wait, noise)} == {
        ("care", "How satisfied are you with each of these?")
    }


def test_it_draws_a_matrix_as_rows_of_native_radios(survey: Read, settings: Settings) -> None:
    page = draw(settings, survey(MARKDOWN), {}, None).decode()
    assert page.count("<legend>1. How satisfied are you with each of these?</legend>") == 1
    assert page.count('type="radio" name="care_wait"') == page.count('type="radio" name="care_noise"') == 6
    assert "Only if your answer to question 1 (The wait) is “Neither satisfied nor dissatisfied” or worse." in page
    assert page.count("Think of the last visit.") == 1


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("kind", SCALE_KINDS)
def test_it_labels_every_point_in_every_language(kind: str, language: str) -> None:
    gettext = translations("form", language).gettext
    for points in (5, 7):
        labels = [choice.label for choice in standard_choices(kind, gettext, points)]
        assert len(set(labels)) == points
        assert language == "en" or not any(label.isascii() for label in labels)


def test_it_translates_what_the_house_words_itself(survey: Read) -> None:
    survey(MARKDOWN)
    found = survey(
        """---
title: 怎么样？
language: zh-Hans
privacy: {who: 示例汽车, contact: privacy@example.com, purpose: 改进服务, kept: 24 个月}
---
## 关于它

### 您满意吗？ {: #care .matrix }
- wait: 等候
- noise: 噪声

### 容易吗？ {: #easy .effort }

### 干净吗？ {: #clean .yesno }

### 您用了哪些？ {: #used .choices }
- phone: 电话
- desk: 前台

### 先用哪个？ {: #first .choice }
- phone: 电话
- desk: 前台

### 请排序 {: #sorted .ranking }
- price: 价格
- speed: 速度
- care: 关心

### 多远？ {: #km .number unit=公里 }

### 什么时候？ {: #day .date }

### 可以保存我的话 {: #agree .consent }
两年。
""",
        "visit.zh-Hans.md",
    )
    labels = {question.id: [choice.label for choice in question.choices] for question in found.questions}
    assert labels["clean"] == ["是", "部分是", "否"]
    assert labels["used"] == ["电话", "前台", "其他", "以上都没有"]
    assert len(labels["easy"]) == 7
    assert found.question("km").unit == "公里"  # type: ignore[union-attr]
    assert found.questions[0].stem == "您满意吗？"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("### A? {: #a .effort points=6 }", "Q015"),
        ("### A? {: #a .matrix scale=nps }\n- x: X\n- y: Y", "Q015"),
        ("### A? {: #a .matrix }\n- x: X", "Q019"),
        ("### A? {: #a .matrix }\n- x: X {: .text }\n- y: Y", "Q009"),
        ("### A? {: #a .matrix }\n- x: X {: reversd }\n- y: Y", "Q008"),
        ("### A? {: #a_x .text }\n\n### B? {: #a .matrix }\n- x: X\n- y: Y", "Q007"),
        ("### A? {: #a .number min=9 max=3 }", "Q015"),
        ("### A? {: #a .number max=many }", "Q015"),
        ("### A? {: #a .ranking }\n" + "".join(f"- c{n}: C {n}\n" for n in range(8)), "Q024"),
        ('### A? {: #a .date }\n\n### B? {: #b .text show-if="a = 3" }', "C007"),
        ('### A? {: #a .number max=9 }\n\n### B? {: #b .text show-if="a > 10" }', "C005"),
        ("### A? {: #a .choices other=yes none=maybe }\n- x: X\n- y: Y", "Q015"),
    ],
)
def test_it_says_what_is_wrong_with_each(read: Faults, line: str, code: str) -> None:
    assert [problem.code for problem in read(line + "\n")[1]] == [code]


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("1 000", 1000), ("+3", 3), ("3.0", 3), ("1,00", None), ("", None), ("1e3", None)]
)
def test_it_reads_numbers_as_people_write_them(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["2026/8/5", "2026.08.05", "20260805", "２０２６-８-５"])
def test_it_reads_days_as_people_write_them(text: str) -> None:
    day = read_date(text)
    assert day is not None
    assert day.isoformat() == "2026-08-05"
    assert read_date("1026-08-05") is None
