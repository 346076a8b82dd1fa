#!/usr/bin/env python3
"""The catalogues' keeper: says what the words in code and templates and their translations owe each other.

script/catalogues.py            lists every fault and exits 1 if there is one
script/catalogues.py --update   brings the .po files in step: new words come in empty, words no longer used go

English is written by --update itself, since a message's id is its English words. The Chinese ones are written by hand,
each in the words of its own region.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("en", "zh_Hans", "zh_Hant")

# For each audience the rooms whose code speaks to it; its templates are those in site_templates/<audience>/.
SPEAKERS: dict[str, tuple[str, ...]] = {
    "form": ("revisit/forms", "collector/respond.py"),
    "desk": ("revisit/people", "collector/desk", "collector/access.py"),
    "letters": ("revisit/visits", "revisit/flows/visiting/send.py"),
    "report": ("revisit/reports",),
    "export": ("revisit/reports/exports",),
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def po_file(domain: str, locale: str) -> Path:
    """Give the file that holds an audience's words in one language."""
    return ROOT / "revisit" / "texts" / "locale" / locale / "LC_MESSAGES" / f"{domain}.po"


def sources(domain: str) -> Iterator[Path]:
    """Give the files whose words belong to an audience; a room within another's speaks to its own alone."""
    others = {ROOT / place for other, places in SPEAKERS.items() if other != domain for place in places}
    for place in SPEAKERS[domain]:
        path = ROOT / place
        inner = {other for other in others if path in other.parents}
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path] * path.is_file()
        yield from (one for one in found if inner.isdisjoint(one.parents))
    yield from (path for path in sorted((ROOT / "site_templates" / domain).rglob("*")) if path.is_file())


def extract(domain: str) -> Catalog:
    """Gather the words of an audience from code and templates."""
    catalogue = Catalog(domain=domain)
    for path in sources(domain):
        python = path.suffix == ".py"
        if not python and path.suffix not in {".html", ".txt", ".svg", ".xml"}:
            continue
        options = {"encoding": "utf-8", "silent": "false", "trim_blocks": "true"}
        method = "python" if python else "jinja2"
        for line, words, _comments, context in extract_from_file(method, path, KEYWORDS, (), options):
            catalogue.add(words, locations=[(str(path.relative_to(ROOT)), line)], context=context)
    return catalogue


def read(domain: str, locale: str) -> Catalog:
    """Read one catalogue; an empty one where the file is missing."""
    path = po_file(domain, locale)
    if not path.exists():
        return Catalog(locale=locale, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain=domain)


def faults(domain: str, locale: str) -> Iterator[str]:
    """Say what is wrong with one catalogue, a line for each fault."""
    name = po_file(domain, locale).relative_to(ROOT)
    used, held = extract(domain), read(domain, locale)
    if held.obsolete:
        yield f"{name}: {len(held.obsolete)} obsolete messages"
    for message in used:
        if message.id and held.get(_key(message), message.context) is None:
            yield f"{name}: missing {message.id!r}, used in {message.locations[0][0]}:{message.locations[0][1]}"
    for message in held:
        if message.id and used.get(_key(message), message.context) is None:
            yield f"{name}: not used any more: {message.id!r}"
        elif message.id:
            yield from (f"{name}: {fault}: {message.id!r}" for fault in message_faults(message))


def message_faults(message: Message) -> Iterator[str]:
    """Say what is wrong with one translation."""
    if message.fuzzy:
        yield "fuzzy"
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(strings):
        yield "not translated"
        return
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    for place, string in enumerate(strings):
        # one of a thing may be said without its number
        least = set(PLACEHOLDER.findall(ids[0])) if len(strings) > 1 and place == 0 else wanted
        given = set(PLACEHOLDER.findall(string or ""))
        if not least <= given <= wanted:
            yield f"other placeholders ({', '.join(sorted(given ^ wanted))})"


def update(domain: str, locale: str) -> None:
    """Bring one catalogue in step with the words in use."""
    held = read(domain, locale)
    held.update(extract(domain), no_fuzzy_matching=True)
    held.obsolete.clear()
    if locale == "en":
        for message in held:
            if message.id:
                message.string = message.id
    path = po_file(domain, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, held, width=120, sort_output=True, omit_header=False, include_lineno=False)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main(words: list[str]) -> int:
    """List the faults, or mend what can be mended without knowing a language."""
    pairs = [(domain, locale) for domain in SPEAKERS for locale in LOCALES]
    if words == ["--update"]:
        for domain, locale in pairs:
            update(domain, locale)
    found = [fault for domain, locale in pairs for fault in faults(domain, locale)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
