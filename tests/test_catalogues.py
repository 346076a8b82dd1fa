"""Every word in three languages, each Chinese in its own characters and the words of its region."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from script.catalogues import LOCALES, ROOT, SPEAKERS, faults, message_faults, read

# Each Chinese fits into the character set of its region; that set holds hardly anything of the other one.
CHARACTER_SETS = {"zh_Hans": "gb2312", "zh_Hant": "big5"}
HAN = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;?!:]")
# What the other region says.
FOREIGN = {
    "zh_Hans": ("简讯", "列印", "软体", "萤幕", "滑鼠", "登入", "预设值"),
    "zh_Hant": ("短信", "打印", "默認", "軟件", "屏幕", "鼠標", "登錄", "信息", "鏈接", "服務器", "網點", "二維碼"),
}
SURVEYS = {"zh_Hans": ".zh-Hans.md", "zh_Hant": ".zh-Hant.md"}


def foreign_characters(text: str, locale: str) -> list[str]:
    found = []
    for character in sorted(set(HAN.findall(text))):
        try:
            character.encode(CHARACTER_SETS[locale])
        except UnicodeEncodeError:
            found.append(character)
    return found


def texts(locale: str) -> Iterator[tuple[str, str]]:
    for domain in SPEAKERS:
        for message in read(domain, locale):
            if message.id:
                strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
                yield from ((f"{domain}: {message.id!r}", string or "") for string in strings)
    for path in sorted((ROOT / "surveys").glob(f"*{SURVEYS[locale]}")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.name}:{number}", line


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("domain", SPEAKERS)
def test_it_has_every_word_in_every_language(domain: str, locale: str) -> None:
    assert "\n".join(faults(domain, locale)) == ""


@pytest.mark.parametrize("locale", CHARACTER_SETS)
def test_it_writes_each_chinese_in_its_own_characters(locale: str) -> None:
    wrong = [(place, found) for place, text in texts(locale) if (found := foreign_characters(text, locale))]
    assert wrong == []


@pytest.mark.parametrize("locale", FOREIGN)
def test_it_says_things_as_the_region_does(locale: str) -> None:
    wrong = [(place, word) for place, text in texts(locale) for word in FOREIGN[locale] if word in text]
    assert wrong == []


@pytest.mark.parametrize("locale", CHARACTER_SETS)
def test_it_sets_chinese_with_full_width_punctuation(locale: str) -> None:
    assert [(place, text) for place, text in texts(locale) if HALF_WIDTH.search(text)] == []


def test_it_tells_the_other_characters() -> None:
    assert foreign_characters("维修质量", "zh_Hant") == ["维", "质"]
    assert foreign_characters("維修品質", "zh_Hans") == ["維", "質"]
    assert foreign_characters("維修品質", "zh_Hant") == foreign_characters("维修质量", "zh_Hans") == []


def test_it_finds_a_lost_placeholder_an_empty_and_a_fuzzy_translation() -> None:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("%(n)s answers", "%(m)s 个回答")
    catalogue.add("Nothing", "")
    catalogue.add("Maybe", "也许", flags=["fuzzy"])
    catalogue.add(("One day", "%(n)s days"), ("%(n)s 天",))

    def of(words: str) -> list[str]:
        message = catalogue.get(words)
        assert isinstance(message, Message)
        return list(message_faults(message))

    assert of("%(n)s answers") == ["other placeholders (%(m)s, %(n)s)"]
    assert of("Nothing") == ["not translated"]
    assert of("Maybe") == ["fuzzy"]
    assert of("One day") == []


def test_it_ships_a_survey_in_every_language_it_has_a_translation_for() -> None:
    names = {path.name.split(".")[0] for path in Path(ROOT / "surveys").glob("*.md")}
    assert names
    for name in names:
        for suffix in SURVEYS.values():
            assert (ROOT / "surveys" / f"{name}{suffix}").is_file(), f"{name}{suffix}"
