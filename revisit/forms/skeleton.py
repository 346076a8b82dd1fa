"""The skeleton of a translation: the source file with its ids and codes, ready for words in another language."""

import json
import re

from revisit.forms.attributes import split_heading
from revisit.forms.catalogue import Place
from revisit.forms.front_matter import WORDED
from revisit.forms.options import OPTION
from revisit.forms.scales import has_words
from revisit.records.survey import Survey

_HEADING = re.compile(r"(?P<marks>#{2,3}) (?P<text>.*)")
_KEY = re.compile(r"(?P<key>[a-z_]+)\s*:")
# What a translation repeats of a heading; the rest is read from the source.
_KEPT = ("#", ".", "unit")
TODO = "TODO"
# The words of the front matter that another language has in other words; who asks and whom to write to may stay.
_WORDED = re.compile(r"(?P<key>(?:^|[\s{,])(?:title|purpose|kept)\s*:\s*[\"']?)(?=[^\s\"'])")


def skeleton(text: str, language: str, source: Survey) -> str:
    """Give the translation's file: every line of words begins with TODO and shows the source's.

    The front matter keeps title, language and privacy; headings keep id and kind; options keep their codes. Where the
    house has no words of its own in the language, those of ``source``'s scales stand there to be put into it. The
    source must have no fault.
    """
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    end = lines.index("---", 1)
    body = _with_standard_words(lines[end + 1 :], source) if not has_words(language) else lines[end + 1 :]
    body = [_line(line) for line in body]
    front = [*_front(lines[1:end], language), *_composites(source)]
    return "\n".join(["---", *front, "---", *body]).rstrip("\n") + "\n"


def _with_standard_words(lines: list[str], source: Survey) -> list[str]:
    """Write out below each question the options that the author left to the house."""
    found: list[str] = []
    lacking: dict[str, str] = {}
    for line in [*lines, "### "]:
        if _HEADING.match(line) and lacking:
            blank = len(found)
            while found[blank - 1] == "":
                blank -= 1
            found[blank:blank] = [f"- {code}: {words}" for code, words in lacking.items()]
        heading, option = _HEADING.fullmatch(line.rstrip()), OPTION.fullmatch(line)
        if heading is not None:
            lacking = _left_to_the_house(heading["text"], source)
        elif option is not None:
            lacking.pop(option["code"], None)
        found.append(line)
    return found[:-1]


def _left_to_the_house(heading: str, source: Survey) -> dict[str, str]:
    """Give the codes and words of a question's choices, of those kinds that an author may word."""
    part = split_heading(heading, Place(""))[1].get("#")
    question = source.question(part.value) if part is not None else None
    if question is None or not (question.is_scale or question.kind in ("choice", "choices")):
        return {}
    return {choice.code: choice.label for choice in question.choices}


def _front(lines: list[str], language: str) -> list[str]:
    found, keeps = [], False
    for line in lines:
        match = _KEY.match(line)
        keeps = match["key"] in WORDED if match else keeps and line.startswith((" ", "\t", "-"))
        if not keeps:
            continue
        worded = _WORDED.sub(rf"\g<key>{TODO} ", line)
        found.append(f"language: {language}" if match and match["key"] == "language" else worded)
    return found


def _composites(source: Survey) -> list[str]:
    """Give the lines that name the composites; their parts are read from the source."""
    found = [f"  {one.id}: {{name: {_quoted(f'{TODO} {one.name}')}}}" for one in source.composites]
    return ["composites:", *found] if found else []


def _quoted(words: str) -> str:
    """Write words as YAML that can be read whatever they hold."""
    return words if re.fullmatch(r"[\w ]+", words) else json.dumps(words, ensure_ascii=False)


def _line(line: str) -> str:
    heading = _HEADING.fullmatch(line.rstrip())
    if heading is not None:
        words, given, _problems = split_heading(heading["text"], Place(""))
        kept = [_written(part.name, part.value) for part in given.parts if part.name in _KEPT]
        listed = f" {{: {' '.join(kept)} }}" if kept else ""
        return f"{heading['marks']} {TODO} {words}{listed}"
    option = OPTION.fullmatch(line)
    if option is not None:
        words = split_heading(option["label"], Place(""))[0]
        return f"{option['lead']}{option['code']}: {TODO} {words}"
    return f"{TODO} {line}" if line.strip() else ""


def _written(name: str, value: str) -> str:
    if name in ("#", "."):
        return f"{name}{value}"
    return f'{name}="{value}"' if re.search(r"[\s\"']", value) else f"{name}={value}"
