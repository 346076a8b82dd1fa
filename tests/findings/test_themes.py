import json
from pathlib import Path

import pytest

from revisit.findings.themes import Dictionary, default

SMALL = Dictionary.read(
    """
[ignore]
zh = ["贵店"]
[price]
en = ["pric*", "too much"]
zh = ["贵", "价格"]
[praise]
polar = true
en = ["good"]
zh = ["满意", "很好"]
[waiting]
zh = ["等候"]
en = ["long"]
with = {long = ["queue"]}
"""
)


@pytest.mark.parametrize(
    ("comment", "themes"),
    [
        ("Prices are too much for me", {"price"}),
        ("priceless", {"price"}),
        ("apprice", set()),
        ("This is good.", {"praise"}),
        ("not really that good", set()),
        ("It was not clean. Good.", {"praise"}),
        ("很好，价格也不贵", {"praise", "price"}),
        ("贵店不满意", set()),
        ("a long queue", {"waiting"}),
        ("a long story", set()),
        ("等候太久，價格", {"waiting"}),
        ("", set()),
    ],
)
def test_terms_are_found_with_negation_context_and_the_longest_first(comment: str, themes: set[str]) -> None:
    assert SMALL.themes_of(comment) == themes


def test_the_default_dictionary_reads_both_scripts() -> None:
    words = default()
    assert words.themes_of("服务态度很好，就是价格太贵") >= {"attitude", "price"}
    assert words.themes_of("服務態度很好，就是價格太貴") >= {"attitude", "price"}
    assert words.themes_of("Waited an hour, and the mechanic was rude.") >= {"waiting", "attitude"}


def test_a_wrong_dictionary_names_the_theme() -> None:
    with pytest.raises(ValueError, match="price"):
        Dictionary.read('[price]\nwords = ["x"]')


HERE = Path(__file__).parents[1]


def test_the_page_prints_what_the_frozen_comments_measure() -> None:
    words = default()
    lines = (HERE / "themes" / "comments.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    pairs = [(words.themes_of(row["text"]), set(row["themes"])) for row in rows]
    right = sum(len(found & coded) for found, coded in pairs)
    precision = right / sum(len(found) for found, _ in pairs)
    recall = right / sum(len(coded) for _, coded in pairs)
    page = (HERE.parent / "docs" / "methods.md").read_text(encoding="utf-8")
    assert f"precision {precision:.2f}, recall {recall:.2f} over {len(rows)} comments" in page
