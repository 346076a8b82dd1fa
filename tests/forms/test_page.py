"""The page: what stands in the bytes that a customer gets."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from revisit.forms.colours import contrast, readable
from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.forms.page import LANGUAGE_NAMES, MESSAGES, PROBLEMS, draw, link_of, message
from revisit.forms.renderings.sheet import draw_sheet
from revisit.forms.site import csp_of
from revisit.records.problems import ContentError
from revisit.records.survey import Survey
from revisit.settings import Settings, defaults
from revisit.texts import translations

LANGUAGES = list(LANGUAGE_NAMES.items())
CUSTOMER = {"payer": "customer"}
BUDGET = 10 * 1024  # bytes, compressed, without the script
BUDGET_WITH_SCRIPT = 14 * 1024
SCRIPT = re.compile(rb"<script>.*?</script>", re.DOTALL)
Read = Callable[..., Survey]


class Elements(HTMLParser):
    """Gathers the elements of a page as (tag, attributes)."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attributes
            for found, attributes in self.found
            if found == tag and all(attributes.get(name) == value for name, value in wanted.items())
        ]


def shipped(name: str, language: str) -> Survey:
    found = read_library(defaults() / "surveys")[0].survey(name, language)
    assert found is not None
    return found


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_sets_sentences_of_the_notice_as_the_language_does(settings: Settings, language: str) -> None:
    survey = shipped("repair", language)
    sheet = draw_sheet(settings, survey, "paper", CUSTOMER)
    for drawn in (draw(settings, survey, CUSTOMER, None).decode(), sheet):
        notice = re.sub("<[^>]*>", "", drawn.partition(survey.privacy.kept)[2].partition("</p>")[0])
        said = translations("form", language).gettext("About your data:") + ("" if language.startswith("zh") else " ")
        assert notice.endswith(said + survey.privacy.contact)
        assert not re.search(r"[。：]\s|[.:][A-Z]", notice)


@pytest.mark.parametrize("name", ["repair", "repair-full"])
@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_weighs_little_and_loads_nothing(settings: Settings, name: str, language: str) -> None:
    survey = shipped(name, language)
    form = answer_form(survey, CUSTOMER, Posted([]))
    form.check()
    for content in (
        draw(settings, survey, CUSTOMER, None, languages=LANGUAGES),
        draw(settings, survey, CUSTOMER, form, problem="unknown", languages=LANGUAGES),
    ):
        assert len(gzip.compress(content)) <= BUDGET_WITH_SCRIPT
        assert len(gzip.compress(SCRIPT.sub(b"", content))) <= BUDGET
        elements = Elements(content)
        assert elements.all("script") == [{}]
        assert not elements.all("img")
        assert elements.all("link") == [{"rel": "icon", "href": "data:,"}]
        assert b"url(" not in content
        assert b"@import" not in content


@pytest.mark.parametrize("name", ["repair", "repair-full"])
@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_is_built_for_everybody(settings: Settings, name: str, language: str) -> None:
    survey = shipped(name, language)
    form = answer_form(survey, CUSTOMER, Posted([("call_me", "yes"), ("call_me.phone", "x")]))
    form.check()
    content = draw(settings, survey, CUSTOMER, form, languages=LANGUAGES)
    elements = Elements(content)
    assert elements.all("html") == [{"lang": language, "dir": "ltr"}]
    ids = [attributes["id"] for _tag, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _tag, attributes in elements.found:
        assert set(attributes.get("aria-describedby", "").split()) <= set(ids)
        assert attributes.get("for", ids[0]) in ids
        assert "style" not in attributes
        assert not any(attribute.startswith("on") for attribute in attributes)
        assert "required" not in attributes
    assert len(elements.all("fieldset")) == len(elements.all("legend"))
    for link in elements.all("a"):
        assert not link["href"].startswith("#") or link["href"][1:] in ids
    assert [form_["method"] for form_ in elements.all("form")] == ["post"]
    assert "action" not in elements.all("form")[0]
    assert "novalidate" in elements.all("form")[0]
    assert [element["value"] for element in elements.all("input", type="hidden")] == [
        survey.form_hash,
        survey.text_hash,
    ]
    assert elements.all("input", name="website") == [{"name": "website", "tabindex": "-1", "autocomplete": "off"}]


def test_it_sends_by_the_return_key_and_does_not_switch_the_language(settings: Settings) -> None:
    buttons = Elements(draw(settings, shipped("repair", "en"), {}, None, languages=LANGUAGES)).all("button")
    assert "name" not in buttons[0]
    assert [(button["name"], button["value"]) for button in buttons if "name" in button] == [
        ("switch", "zh-Hans"),
        ("switch", "zh-Hant"),
    ]


def test_it_shows_each_set_of_facts_its_questions(settings: Settings) -> None:
    survey = shipped("repair", "en")
    paid, unpaid = (Elements(draw(settings, survey, facts, None)) for facts in (CUSTOMER, {"payer": "warranty"}))
    assert len(paid.all("input", name="price_fair")) == 6
    assert unpaid.all("input", name="price_fair") == []
    assert b"customer" not in draw(settings, survey, CUSTOMER, None)


def test_it_keeps_what_was_filled_in_and_says_what_is_wrong(settings: Settings) -> None:
    survey = shipped("repair", "en")
    typed = '  first "line"\n  </textarea><script>alert(1)</script>\nlast'
    sent = [
        ("channel_used", "phone"),
        ("recommend", "9"),
        ("comment", typed),
        ("call_me", "yes"),
        ("call_me.phone", '"><b>'),
    ]
    form = answer_form(survey, CUSTOMER, Posted(sent))
    assert not form.check()
    content = draw(settings, survey, CUSTOMER, form, problem="invalid")
    elements = Elements(content)
    assert b"<title>Error: How was your repair?</title>" in content
    checked = [(item["name"], item["value"]) for item in elements.all("input") if "checked" in item]
    assert checked == [("channel_used", "phone"), ("recommend", "9"), ("call_me", "yes")]
    assert elements.all("script") == [{}], "none but the form's own"
    written = re.search(rb"<textarea[^>]*>(.*?)</textarea>", content, re.DOTALL)
    assert written is not None
    assert written[1].startswith(b"first &#34;line&#34;&#10;  &lt;/textarea&gt;")
    assert elements.all("input", name="call_me.phone")[0]["value"] == '"><b>'
    links = [link["href"] for link in elements.all("a") if link["href"].startswith("#")]
    assert links == ["#overall", "#fixed", "#call_me-phone"]
    assert content.count(b"Choose an answer to") == 4, "each sentence in the summary and at its question"


@pytest.mark.parametrize("problem", [problem for problem in PROBLEMS if problem != "invalid"])
@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_puts_a_banner_above_the_form(settings: Settings, problem: str, language: str) -> None:
    content = draw(settings, shipped("repair", language), {}, None, problem=problem)
    assert Elements(content).all("div", role="alert") == [{"class": "box", "role": "alert"}]


@pytest.mark.parametrize("kind", MESSAGES)
def test_it_has_a_kind_page_for_everything(settings: Settings, kind: str) -> None:
    pages = {
        language: message(settings, language, kind, contact="privacy@example.com", kept="24 months")
        for language in LANGUAGE_NAMES
    }
    assert len(set(pages.values())) == 3
    for language, content in pages.items():
        elements = Elements(content)
        assert elements.all("html")[0]["lang"] == language
        assert len(elements.all("h1")) == 1
        assert elements.all("a", href="mailto:privacy@example.com")
        assert len(gzip.compress(content)) <= BUDGET_WITH_SCRIPT
        assert len(gzip.compress(SCRIPT.sub(b"", content))) <= BUDGET
    bare = message(settings, "fr", kind)
    assert b'lang="en"' in bare
    assert b"mailto:" not in bare


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("privacy@example.com", "mailto:privacy@example.com"),
        ("https://example.com/privacy", "https://example.com/privacy"),
        ("+86 21 6000 0012", "tel:+862160000012"),
        ("Ms Example, room 12", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_it_links_a_contact(contact: str, link: str) -> None:
    assert link_of(contact) == link


@pytest.mark.parametrize(
    ("condition", "english", "simplified"),
    [
        ("overall <= 3", "your answer to question 1 is “So so” or worse", "第 1 题选的是“So so”或更差"),
        ("overall < 3", "your answer to question 1 is “Weak” or worse", "第 1 题选的是“Weak”或更差"),
        ("overall > 3", "your answer to question 1 is “Fine” or better", "第 1 题选的是“Fine”或更好"),
        ("recommend >= 9", "your answer to question 3 is 9 or more", "第 3 题选的是 9 或更高"),
        ("fixed != yes", "your answer to question 2 is not “Yes”", "第 2 题选的不是“Yes”"),
        ("fixed in (yes, no)", "your answer to question 2 is one of “Yes”, “No”", "第 2 题选的是“Yes”、“No”之一"),
        ("answered(fixed)", "you answered question 2", "回答了第 2 题"),
        ("not answered(fixed)", "you did not answer question 2", "没有回答第 2 题"),
        ("any(overall) <= 2", "your answer to question 1 is “Weak” or worse", "第 1 题选的是“Weak”或更差"),
        (
            "mean(overall, recommend) < 2.5",
            "the average of your answers to questions 1, 3 is below 2.5",
            "第 1、3 题的平均值低于 2.5",
        ),
        (
            "fixed = no and (overall = 1 or answered(recommend))",
            "your answer to question 2 is “No” and (your answer to question 1 is “Bad” or you answered question 3)",
            "第 2 题选的是“No”，并且（第 1 题选的是“Bad”，或者回答了第 3 题）",
        ),
        ("order.payer = customer and overall = 5", "your answer to question 1 is “Great”", "第 1 题选的是“Great”"),
    ],
)
def test_it_says_conditions_in_words(
    settings: Settings, survey: Read, condition: str, english: str, simplified: str
) -> None:
    found = survey(
        "### A? {: #overall .quality }\n- 1: Bad\n- 2: Weak\n- 3: So so\n- 4: Fine\n- 5: Great\n"
        "### B? {: #fixed .choice }\n- yes: Yes\n- no: No\n"
        "### C? {: #recommend .nps }\n"
        f'### D? {{: #comment .text show-if="{condition}" }}\n'
    )
    assert f"Only if {english}." in unescape(draw(settings, found, CUSTOMER, None).decode())
    chinese = unescape(draw(settings, replace(found, language="zh-Hans"), CUSTOMER, None).decode())
    assert f"只在{simplified}时填写。" in chinese


def test_it_allows_its_own_style_and_script_and_nothing_else(settings: Settings) -> None:
    policy = csp_of(draw(settings, shipped("repair", "en"), {}, None))
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; script-src 'sha256-[A-Za-z0-9+/]{43}='; "
        r"img-src 'self' data:; "
        r"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        policy,
    )


@pytest.mark.parametrize("colour", ["#ffff00", "#000", "#0b57a4", "#fff", "#7f7f7f", "#e60012"])
@pytest.mark.parametrize("paper", ["#ffffff", "#14171a"])
def test_it_makes_any_brand_readable(colour: str, paper: str) -> None:
    assert contrast(readable(colour, paper), paper) >= 4.5


def test_it_leaves_a_readable_brand_alone() -> None:
    assert readable("#0b57a4", "#ffffff") == "#0b57a4"


def test_it_refuses_a_brand_colour_that_is_none(settings: Settings) -> None:
    settings.brand["colour"] = "red;}"
    with pytest.raises(ContentError, match="no colour"):
        message(settings, "en", "thanks")


def test_it_never_gives_an_id_twice_whatever_questions_are_called(settings: Settings, survey: Read) -> None:
    found = survey(
        "### A? {: #errors .satisfaction required }\nHelp.\n\n"
        "### B? {: #b .choice required }\nHelp.\n\n- x: X\n- c: C\n- h: H\n- e: E\n- phone: P\n\n"
        '### C? {: #c .contact ask="phone email" show-if="b = e" }\nHelp.\n'
    )
    for code in ("c", "h", "e", "phone"):
        form = answer_form(found, {}, Posted([("b", code), ("c", "yes"), ("c.phone", "x")]))
        form.check()
        elements = Elements(draw(settings, found, {}, form))
        ids = [attributes["id"] for _tag, attributes in elements.found if "id" in attributes]
        assert len(ids) == len(set(ids))
