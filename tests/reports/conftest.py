"""One made-up survey in three languages, findings that fit it, and reports drawn from them."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from revisit.forms import versions
from revisit.forms.library import read_library
from revisit.records.survey import LANGUAGES, Choice, Privacy, Question, Section, Survey, Targets
from revisit.reports.orders import Brand, Order
from revisit.reports.pages import draw_pages
from revisit.reports.pdf import Attached, write_pdf
from revisit.reports.report import Report, make_report
from revisit.settings import Settings, defaults, load
from revisit.store import open_store
from revisit.store.protocol import Store
from revisit.texts import compile_catalogues
from tests.reports.workspaces import TOML, answer, keep_keys

EXAMPLES = Path(__file__).parents[1] / "findings"
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
ANSWERS = {
    "en": ("Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"),
    "zh-Hans": ("很不满意", "不满意", "一般", "满意", "很满意"),
    "zh-Hant": ("非常不滿意", "不滿意", "普通", "滿意", "非常滿意"),
}
QUESTIONS = {
    "on_time": ("speed", "The work was finished on time.", "维修按时完成。", "維修準時完成。"),
    "polite": ("attitude", "The people were polite.", "接待人员有礼貌。", "接待人員有禮貌。"),
    "mended": ("quality", "The fault is gone.", "故障已经解决。", "故障已經排除。"),
    "tidy": ("quality", "The vehicle came back clean.", "交车时车内干净。", "交車時車內乾淨。"),
    "price_fair": ("price", "The price was reasonable.", "价格合理。", "價格合理。"),
    "easy_contact": ("channel", "It was easy to reach us.", "联系我们很方便。", "聯絡我們很方便。"),
    "overall": (None, "Overall, how satisfied are you?", "总体而言您满意吗？", "整體而言您滿意嗎？"),
}
RECOMMEND = ("How likely are you to recommend us?", "您有多大可能推荐我们？", "您有多大可能推薦我們？")


def made_survey(language: str) -> Survey:
    """Give the survey that tests/findings/example.json was made with, in real words."""
    place = LANGUAGES.index(language)
    choices = tuple(Choice(str(number), word) for number, word in enumerate(ANSWERS[language], 1))
    items = tuple(
        Question(name, "satisfaction", str(words[1 + place]), choices=choices, dimension=words[0])
        for name, words in QUESTIONS.items()
    )
    eleven = tuple(Choice(str(number), str(number)) for number in range(11))
    nps = Question("recommend", "nps", RECOMMEND[place], choices=eleven)
    return Survey(
        "repair",
        language,
        "Repair",
        (Section("all", "All", (*items, nps)),),
        Privacy("Example Motors", "privacy@example.com", "to improve", "24 months"),
        weights={"speed": 0.2, "attitude": 0.2, "quality": 0.3, "price": 0.15, "channel": 0.15},
        targets=Targets(csi=80, satisfied=0.9, fixed=0.85, coverage=1.0, response=0.3),
        form_hash="f" * 64,
        text_hash="a" * 64,
    )


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Make the catalogues as an installation has them."""
    compile_catalogues()


@pytest.fixture
def findings() -> dict[str, Any]:
    """Give findings of a network with five stations, one of them too small to be shown."""
    found = json.loads((EXAMPLES / "example.json").read_bytes())
    assert isinstance(found, dict)
    return deepcopy(found)


@pytest.fixture
def survey() -> Survey:
    """Give the survey in English."""
    return made_survey("en")


@pytest.fixture
def order(findings: dict[str, Any]) -> Callable[..., Order]:
    """Give what a report is made from; findings, language and comments can be chosen."""

    def ordered(language: str = "en", **changed: Any) -> Order:
        fields: dict[str, Any] = {
            "findings": findings,
            "survey": made_survey(language),
            "language": language,
            "unit_name": "Example Motors",
            "zone": "Asia/Shanghai",
            "comments": ["Nobody called me back."],
            "brand": Brand("Example Motors"),
        }
        return Order(**(fields | changed))

    return ordered


def printed(report: Report, found: dict[str, Any]) -> bytes:
    """Print a report with its figures attached."""
    attached = Attached("findings.json", "The figures", json.dumps(found).encode())
    return write_pdf(draw_pages(report), moment=report.moment, attached=[attached])


@pytest.fixture(scope="session")
def pdfs(catalogues: None) -> dict[str, bytes]:  # noqa: ARG001  (reports need the catalogues)
    """Print the example in every language, once for all tests."""
    found = json.loads((EXAMPLES / "example.json").read_bytes())
    made = {}
    for language in LANGUAGES:
        ordered = Order(found, made_survey(language), language, "Example", "Asia/Shanghai", ["谢谢 Thanks 謝謝"])
        made[language] = printed(make_report(ordered), found)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Make a workspace with the shipped surveys published."""
    (tmp_path / "revisit.toml").write_text(TOML, encoding="utf-8")
    keep_keys(tmp_path)
    shutil.copytree(defaults() / "surveys", tmp_path / "surveys")
    made = load(tmp_path)
    library, problems = read_library(made.workspace.surveys)
    assert not problems
    for language in LANGUAGES:
        survey = library.survey("repair", language)
        assert survey is not None
        versions.keep(made.workspace.versions, survey)
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with closing(open_store(settings.workspace)) as opened:
        yield opened


@pytest.fixture
def answered(settings: Settings, store: Store) -> int:
    """File forty answers."""
    survey = versions.latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    partition = store.partition("repair", date(2026, 8, 1))
    for number in range(40):
        store.record(replace(answer(survey, number), partition=partition))
    return 40
