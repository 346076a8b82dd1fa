"""Anchors: patterns that are left out could not have matched, and themes are the same as when every rule is tried."""

import json
import random
import re
from pathlib import Path

import pytest

from revisit.findings.comments.anchors import Anchors, needed
from revisit.findings.comments.themes import Dictionary, default

THEMES = Path(__file__).parents[2] / "themes"
COMMENTS = [
    json.loads(line)["text"]
    for name in ("comments.jsonl", "frozen.jsonl", "frozen-3.jsonl")
    for line in (THEMES / name).read_text(encoding="utf-8").splitlines()
    if line.strip()
]


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("waited", {"waited"}),
        ("wait(?:ed|ing)", {"wait"}),
        ("(?:still|again)[^,]{0,6}?leaks?", {"still", "again"}),
        ("还(?:在|会)?漏", {"还"}),
        ("(?<![a-z])(?:a|bc)", {"a", "bc"}),
        ("[快慢]", {"快", "慢"}),
        ("(?:not )?(?:x+|yz)", {"x", "yz"}),
        ("x*", None),
        ("(?:a|b?)", None),
        ("[^,]", None),
        (r"\w+", None),
        ("[a-z]+", None),
    ],
)
def test_it_finds_what_a_match_cannot_do_without(pattern: str, needs: set[str] | None) -> None:
    assert needed(pattern) == needs


def test_it_leaves_out_no_pattern_that_matches() -> None:
    chance = random.Random(7)  # noqa: S311 — made-up patterns, the same every time
    parts = ["a", "b", "ab", "(?:a|bb)", "b?", "[ab]", "[^a]", "a+", "(?:ab){2}", "(?=b)", "c*", "abcd", "(?:cd|dc)a"]
    patterns = [re.compile("".join(chance.choices(parts, k=chance.randint(1, 5)))) for _ in range(300)]
    anchors = Anchors(patterns)
    left_out = 0
    for _ in range(300):
        text = "".join(chance.choices("abcd", k=chance.randint(0, 12)))
        kept = set(anchors.candidates(text))
        left_out += len(patterns) - len(kept)
        assert kept >= {place for place, pattern in enumerate(patterns) if pattern.search(text)}, text
    assert left_out > 300


class _All(Anchors):
    def __init__(self, count: int) -> None:
        self.count = count

    def candidates(self, text: str) -> list[int]:  # noqa: ARG002 — whatever the text is
        return list(range(self.count))


class _Every(dict[str, tuple[int, ...]]):
    def __init__(self, longest: int) -> None:
        self.longest = longest

    def get(self, _first: str, _default: object = None) -> tuple[int, ...]:
        return tuple(range(self.longest, 0, -1))


def mutated(chance: random.Random) -> str:
    one, other = chance.choice(COMMENTS), chance.choice(COMMENTS)
    text = list(one[: chance.randint(0, len(one))] + other[chance.randint(0, len(other)) :])
    for _ in range(chance.randint(0, 3)):
        place = chance.randint(0, len(text))
        text[place : place + chance.randint(0, 1)] = chance.choice(["", "不", "，", "not ", "。", " ", "A", "沒"])
    return "".join(text)


def test_the_themes_are_those_of_trying_everything() -> None:
    quick, chance = default(), random.Random(11)  # noqa: S311 — made-up comments, the same every time
    thorough = Dictionary(quick.themes, quick.ignored)
    # The same dictionary, trying every rule and every term at each place.
    vars(thorough).update(
        _anchors=_All(len(thorough._rules)),
        _begins=(frozenset(), frozenset({""}), (0,)),
        _sizes=_Every(max(map(len, thorough._chinese))),
    )
    comments = [*COMMENTS, *(mutated(chance) for _ in range(400))]
    assert [quick.themes_of(one) for one in comments] == [thorough.themes_of(one) for one in comments]
