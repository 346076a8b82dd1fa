"""The script in the page: its size, its rules, its words, and what it may do."""

import gzip
import re
from collections.abc import Callable
from html import unescape

import orjson
import pytest

from revisit.forms.library import read_library
from revisit.forms.page import LANGUAGE_NAMES, draw, message
from revisit.forms.script import layout, stripped
from revisit.forms.site import csp_of
from revisit.records.survey import Survey
from revisit.settings import Settings, defaults

SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
MOST_SCRIPT = 4352  # 4 1/4 KiB
MOST_PAGE = 14 * 1024
Read = Callable[..., Survey]


def script_of(content: bytes) -> bytes:
    found = SCRIPT.findall(content)
    assert len(found) == 1
    return bytes(found[0])


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_is_small_and_the_same_on_every_page(settings: Settings, language: str) -> None:
    library = read_library(defaults() / "surveys")[0]
    scripts = {script_of(message(settings, language, kind)) for kind in ("thanks", "answered", "received")}
    for name in library.names:
        survey = library.survey(name, language)
        assert survey is not None
        content = draw(settings, survey, {"payer": "customer"}, None, languages=list(LANGUAGE_NAMES.items()))
        scripts.add(script_of(content))
        assert len(gzip.compress(content)) <= MOST_PAGE
    (script,) = scripts
    assert len(gzip.compress(script)) <= MOST_SCRIPT


def test_it_is_the_only_script_that_the_policy_lets_run(settings: Settings, survey: Read) -> None:
    content = draw(settings, survey("## A\n\n### B {: #b .text }\n"), {}, None)
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}=';", csp_of(content))
    assert "script-src 'none'" in csp_of(message(settings, "en", "expired"))


def test_it_needs_no_newer_browser() -> None:
    newer = r"\?\.|\?\?|\*\*|\basync\b|\.at\(|replaceAll|\.flat\(|matchAll|catch \{"
    for name in ("script.js", "conditions.js"):
        text = (defaults() / "site_templates" / "form" / name).read_text("utf-8")
        assert not re.search(newer, text)


def test_it_gives_each_part_its_rule_without_the_facts_of_the_order(settings: Settings, survey: Read) -> None:
    asked = survey(
        "## A\n\n### One {: #one .satisfaction }\n\n"
        '### Two {: #two .text show-if="one <= 2 and order.payer = customer" }\n\n'
        '### Three {: #three .text show-if="order.payer = customer" }\n\n'
        '## B {: show-if="answered(two)" }\n\n### Four {: #four .text }\n'
    )
    drawn = draw(settings, asked, {"payer": "customer"}, None)
    rules = [orjson.loads(unescape(rule.decode())) for rule in re.findall(rb'data-if="([^"]*)"', drawn)]
    assert rules == [["<=", ["item", "one"], 2], ["answered", "two"]]
    assert b"data-if" not in draw(settings, asked, {}, None).partition(b"<section>")[2].partition(b"</section>")[0]


def test_it_shows_a_long_survey_one_section_at_a_time(survey: Read) -> None:
    def long(size: int) -> Survey:
        asked = "".join(f"### Question {n} {{: #q{n} .quality }}\n\n" for n in range(size))
        return survey("## A {: dimension=speed }\n\n" + asked)

    assert layout(long(12)) == "page"
    assert layout(long(13)) == "sections"


def test_it_drops_what_only_readers_need() -> None:
    script = '// why\n  const a = [1, 2]; // because\n\n  tell("a , b = c", x => -x);\n  if (a in b) return -1;'
    assert stripped(script) == 'const a=[1,2];\ntell("a , b = c",x=>-x);\nif(a in b)return-1;'
