"""Bodies that no browser sends, by the thousand and the same each time; and what a survey of every kind may hold."""

import json
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote_from_bytes

from revisit.records.responses import Answer, Response

SURVEY = """---
title: Every kind
language: en
privacy: {who: Demo Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
## Asked {: dimension=quality }

### Overall? {: #overall .satisfaction required na }

### How satisfied are you with each of these? {: #care .matrix na }
- wait: The wait
- noise: The noise

### How easy was it? {: #easy .effort points=7 }

## And

### Fixed? {: #fixed .choice other }
- yes: Yes
- no: No

### Which ways? {: #ways .choices none other na }
- phone: Phone
- web: Web

### Clean? {: #clean .yesno partly show-if="overall <= 3" }

### Recommend? {: #recommend .nps }

### Put these in order {: #sorted .ranking }
- price: The price
- speed: The speed
- help: The help

### How far? {: #km .number unit=km min=-5 max=50000 na }

### When? {: #day .date na }

### Why? {: #why .text max=200 }

### Your plate? {: #plate .text short max=20 }

### May we call? {: #call .contact ask="phone email" }

### You may keep my words {: #agree .consent }
For **two** years.

## Price {: dimension=price show-if="order.payer = customer" }

### Fair? {: #fair .agreement }
"""


def _text(most: int, signs: str = "") -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return (
            isinstance(value, str)
            and 0 < len(value) <= most
            and value == value.strip()
            and not any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in signs for sign in value)
        )

    return fits


def _among(*values: object) -> Callable[[object], bool]:
    return lambda value: type(value) in {type(one) for one in values} and value in values


def _codes(*codes: str) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        given = str(value).split(" ")
        return isinstance(value, str) and len(set(given)) == len(given) and set(given) <= set(codes)

    return fits


def _is_day(value: object) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def _is_distance(value: object) -> bool:
    return type(value) is int and -5 <= value <= 50_000


# What may be stored under each name, and where "does not apply" may. Written by hand: the form's own rules are tried.
FIVE = _among(1, 2, 3, 4, 5)
MAY_HOLD: dict[str, Callable[[object], bool]] = {
    "overall": FIVE, "care_wait": FIVE, "care_noise": FIVE, "fair": FIVE, "easy": _among(*range(1, 8)),
    "fixed": _among("yes", "no", "other"), "fixed.other": _text(200), "clean": _among("yes", "partly", "no"),
    "ways": lambda value: value == "none" or _codes("phone", "web", "other")(value), "ways.other": _text(200),
    "recommend": _among(*range(11)), "sorted": _codes("price", "speed", "help"), "km": _is_distance, "day": _is_day,
    "why": _text(200, "\n\t"), "plate": _text(20), "call": _among("yes", "no"), "call.phone": _text(40),
    "call.email": lambda value: _text(254)(value) and "@" in str(value), "agree": _among("yes"),
    "agree.text": lambda value: re.fullmatch("[0-9a-f]{8,64}", str(value)) is not None,
}  # fmt: skip
MAY_NOT_APPLY = {"overall", "care_wait", "care_noise", "ways", "km", "day"}


def foreign(response: Response) -> list[str]:
    """Give what a stored response holds that the survey does not allow."""
    found = [f"{name} is missing" for name in MAY_HOLD.keys() - response.answers.keys()]
    found += [f"{name} is no question" for name in response.answers.keys() - MAY_HOLD.keys()]
    for name, answer in response.answers.items():
        if name in MAY_HOLD and not _is_allowed(name, answer):
            found.append(f"{name} holds {answer}")
    if response.answers["overall"].state not in {"answered", "na"}:
        found.append("overall is required")
    return found


def _is_allowed(name: str, answer: Answer) -> bool:
    if answer.state == "answered":
        return MAY_HOLD[name](answer.value)
    states = {"blank", "not_asked"} | ({"na"} if name in MAY_NOT_APPLY else set())
    return answer.state in states and answer.value is None


@dataclass(frozen=True, slots=True)
class Body:
    """One body with its headers, and the query of the address beside the link's own."""

    content: bytes
    headers: dict[str, str]
    query: str = ""


GOOD: dict[str, tuple[str, ...]] = {
    "overall": ("1", "3", "5", "na"), "care_wait": ("2", "na"), "care_noise": ("5",), "easy": ("7", "1"),
    "fixed": ("yes", "other"), "fixed.other": ("A sign",), "ways": ("phone", "web", "other", "none", "na"),
    "ways.other": ("by car",), "clean": ("partly",), "recommend": ("0", "10"), "sorted.price": ("1", "2"),
    "sorted.speed": ("2", "1"), "sorted.help": ("3",), "km": ("12,000 km", "-5"), "day": ("2026-08-05", "2026年8月5日"),
    "why": ("太久了", "line\r\nline"), "plate": ("沪A00012",), "call": ("yes", "no"),
    "call.phone": ("+86 130 0000 0012",),
    "call.email": ("two@example.com",), "agree": ("yes",), "fair": ("4",),
}  # fmt: skip
ORDERED = ("sorted.price", "sorted.speed", "sorted.help")
BAD = (
    "", "0", "6", "-1", "8", "11", "5 ", "5.0", "٣", "𝟓", "5\x00", "1" * 1000, "NaN", "1e400", "inf", "true", "null",
    "na na", "yes no",
    "\x00", "\ud800", "\u202e", "\ufeff", "\u2028", "é́́" * 40, "[" * 500, "{{7*7}}", "' OR 1=1--",
    "');select pg_sleep(5)--",
    "%ff", "../../etc/passwd", "<script>alert(1)</script>", "=cmd()", "-50001", "50001", "9" * 400,
    "2026-02-30", "0000-00-00",
    "99999-01-01", "price", "1 2 3", "4", "none", "other", "x" * 201, "字" * 2001, "a@b", "@",
    "a@b.c\r\nBcc: d@e.f", "yes\n", "__class__",
)  # fmt: skip
NAMES = (
    *GOOD, "sorted", "care", "agree.text", "ways.phone", "overall.other", "overall[]", "website", "switch",
    "csrf_token",
    "form_hash", "text_hash", "validate", "data", "errors", "__class__", "", " overall", "OVERALL",
    "overall\x00", "price",
)  # fmt: skip
ESCAPES = (
    b"%", b"%z", b"%f", b"%ff%fe", b"%00", b"%c0%af", b"%ed%a0%80", b"%f4%90%80%80", b"%u0035", b"+", b"%2",
    b"\xff\xfe", b"\x00",
    b"&&&", b"=", b"=5", b";overall=5", b"%0d%0aSet-Cookie:a=b",
)  # fmt: skip
CHARSETS = ("gb18030", "big5", "utf-16", "utf-7", "shift_jis", "latin-1", "no-such-charset", "\xff")
URLENCODED = "application/x-www-form-urlencoded"
TYPES = (
    "", "text/plain", "application/json", "application/xml", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/mixed; boundary=b", f"{URLENCODED}; charset=\x00", "text/\xff", "a/b/c", URLENCODED.upper(),
)  # fmt: skip


def malformed(dice: random.Random, hidden: dict[str, str]) -> Body:
    """Give the next body; ``hidden`` are the fields that the page carries."""
    pairs = _pairs(dice, hidden)
    make = dice.choice((_plain, _plain, _plain, _broken, _recoded, _parts, _other, _large))
    body = make(dice, pairs)
    return Body(body.content, body.headers, _query(dice))


def _pairs(dice: random.Random, hidden: dict[str, str]) -> list[tuple[str, str]]:
    """Give the answers of somebody, with one to five things wrong with them."""
    pairs = [*hidden.items(), ("overall", dice.choice(GOOD["overall"]))]
    named = [
        name for name in dice.sample(sorted(GOOD), dice.randrange(12)) if name not in ORDERED or not dice.randrange(8)
    ]
    pairs += [(name, dice.choice(GOOD[name])) for name in named]
    if dice.randrange(2):
        pairs += zip(ORDERED, dice.sample(("1", "2", "3"), 3), strict=True)
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        lies = not dice.randrange(5) or len(pairs) <= len(hidden)  # most pages say truly which they are
        _spoil(dice, pairs, dice.randrange(0 if lies else len(hidden), len(pairs)))
    return pairs


def _spoil(dice: random.Random, pairs: list[tuple[str, str]], here: int) -> None:
    name, value = pairs[here]
    match dice.randrange(8):
        case 0:
            pairs.append((name, value))
        case 1:
            pairs.append((name, dice.choice(BAD)))
        case 2:
            pairs[here] = (name, dice.choice(BAD))
        case 3:
            pairs[here] = (dice.choice(NAMES), value)
        case 4:  # what another kind of question may hold
            pairs[here] = (name, dice.choice(GOOD[dice.choice(sorted(GOOD))]))
        case 5:
            pairs[here] = (name, value[:-1] + dice.choice("0123456789abcdef~"))
        case 6:
            pairs.append((dice.choice(NAMES), dice.choice(BAD)))
        case 7 if len(pairs) > 1:
            del pairs[here]


def encoded(pairs: list[tuple[str, str]], charset: str = "utf-8") -> bytes:
    """Give pairs as a browser would send them."""

    def escape(text: str) -> str:
        return quote_from_bytes(text.encode(charset, "surrogatepass" if charset == "utf-8" else "replace"))

    return "&".join(f"{escape(name)}={escape(value)}" for name, value in pairs).encode()


def _plain(_dice: random.Random, pairs: list[tuple[str, str]]) -> Body:
    return Body(encoded(pairs), {"Content-Type": URLENCODED})


def _broken(dice: random.Random, pairs: list[tuple[str, str]]) -> Body:
    content = bytearray(encoded(pairs))
    for _ in range(dice.choice((1, 2, 6))):
        place = dice.randrange(len(content) + 1)
        content[place : place + dice.choice((0, 0, 1, 9))] = dice.choice((*ESCAPES, dice.randbytes(4)))
    return Body(bytes(content), {"Content-Type": URLENCODED})


def _recoded(dice: random.Random, pairs: list[tuple[str, str]]) -> Body:
    charset = dice.choice(CHARSETS)
    try:
        content = encoded(pairs, charset)
    except LookupError:
        content = encoded(pairs)
    return Body(content, {"Content-Type": f"{URLENCODED}; charset={charset}"})


def _parts(dice: random.Random, pairs: list[tuple[str, str]]) -> Body:
    if dice.randrange(8) == 0:
        pairs = pairs * 120  # more parts than are read
    extra = dice.choice(
        ("", "", '; filename="a.txt"', "; filename*=utf-8''%ff", '; name="overall"', "\r\nContent-Length: 9", "\x00")
    )
    content = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'.encode(
            "utf-8", "surrogatepass"
        )
        for name, value in pairs
    )
    content += dice.choice((b"--b--\r\n", b"--b--\r\n", b"--b--\r\n", b"", b"--b", b"--c--\r\n"))
    if dice.randrange(4) == 0:
        place = dice.randrange(len(content))
        content = content[:place] + dice.choice(ESCAPES) + content[place:]
    return Body(content, {"Content-Type": dice.choice(("multipart/form-data; boundary=b",) * 4 + TYPES[4:7])})


def _other(dice: random.Random, pairs: list[tuple[str, str]]) -> Body:
    """Send JSON, nothing, noise, or a form under a wrong type."""
    content = dice.choice(
        (
            json.dumps(dict(pairs)).encode(),
            b"[" * 2000,
            b"",
            dice.randbytes(300),
            encoded(pairs),
            b"<!DOCTYPE a>",
            b"\0" * 99,
        )
    )
    kind = dice.choice(TYPES)
    more = dice.choice(
        ({}, {}, {"Content-Encoding": "gzip"}, {"X-HTTP-Method-Override": "DELETE"}, {"Accept-Language": "\xff,;q=x"})
    )
    return Body(content, {**({"Content-Type": kind} if kind else {}), **more})


def _large(dice: random.Random, pairs: list[tuple[str, str]]) -> Body:
    """Come near what is read at most, and go beyond."""
    rest = 64 * 1024 - len(encoded(pairs)) - len("&why=")
    size = dice.choice((rest - 1, rest, rest + 1, 70_000, 300_000))
    match dice.randrange(4):
        case 0:
            pairs = [*pairs, *(("overall", "5") for _ in range(dice.choice((999, 1001, 4000))))]
        case 1:
            pairs = [
                *pairs,
                *(
                    (f"q{number}", "")
                    for number in range(dice.choice((999, 8000, 200_000 if size == 70_000 else 9000)))
                ),
            ]
        case _:
            pairs = [*pairs, ("why", "x" * size)]
    return Body(encoded(pairs), {"Content-Type": URLENCODED})


def _query(dice: random.Random) -> str:
    """Say what stands in the address beside the link's code, or, after a "t=", in place of it."""
    noise = quote_from_bytes(dice.randbytes(dice.randrange(12)))
    return dice.choice(
        ("",) * 12
        + ("&t=" + noise, "&n=" + noise, "&o=" + noise, "&k=1", "t=" + noise, "t=" + "0" * 16, "t=" + "z" * 3000)
    )
