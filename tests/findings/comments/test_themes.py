import json
from pathlib import Path

import pytest

from revisit.findings.comments.han import fold
from revisit.findings.comments.themes import Dictionary, default

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
        ("等候太久，價格", {"waiting", "price"}),
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


RULES = Dictionary.read(
    """
[words]
fault = ["响", "漏"]
noise = ["rattle", "leak"]
[ignore]
zh_rules = ["快递", "咖啡[^,]*"]
en_rules = ["fast food"]
[parts]
zh_own = ["等[^,]{0,3}配件"]
zh = ["配件"]
[waiting]
zh = ["等"]
[quality]
zh_rules = ["还…{fault}"]
en_rules = ["still … {noise}"]
[speed]
zh = ["快"]
en = ["fast"]
[praise]
alone = true
brief = ["好"]
zh = ["好", "谢谢"]
"""
)


@pytest.mark.parametrize(
    ("comment", "themes"),
    [
        ("快递到了", set()),
        ("咖啡等了很快, 修得快", {"speed"}),
        ("咖啡等了很快", set()),
        ("fast food next door", set()),
        ("fast", {"speed"}),
        ("等了两天配件", {"parts"}),
        ("等了两天", {"waiting"}),
        ("还在响", {"quality"}),
        ("還在漏水", {"quality"}),
        ("还没来, 漏水那天", set()),
        ("It still does rattle", {"quality"}),
        ("It still does, a rattle", set()),
        ("It still distills leaks", set()),
        ("谢谢", {"praise"}),
        ("谢谢，很快", {"speed"}),
        ("好", {"praise"}),
        ("好，这台车是我去年从朋友那里买来的", set()),
        ("謝謝，這台車是我去年從朋友那裡買來的", {"praise"}),
    ],
)
def test_rules_ignore_own_and_leave_gaps(comment: str, themes: set[str]) -> None:
    assert RULES.themes_of(comment) == themes


WEAK = Dictionary.read(
    """
[communication]
zh_weak = ["打…电话", "没…回"]
en_weak = ["had to call"]
zh = ["联系不上"]
"""
)


@pytest.mark.parametrize(
    ("comment", "themes"),
    [
        ("师傅打了个电话", set()),
        ("打了个电话，又打了个电话", set()),
        ("打了三个电话。没人回", {"communication"}),
        ("had to call，一直没人回", {"communication"}),
        ("联系不上", {"communication"}),
    ],
)
def test_it_takes_two_weak_rules_for_a_theme(comment: str, themes: set[str]) -> None:
    assert WEAK.themes_of(comment) == themes


@pytest.mark.parametrize(
    ("rule", "message"), [("{nothing}", 'names the words "nothing"'), ("(", "rule that cannot be read: \\(")]
)
def test_a_wrong_rule_is_named(rule: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Dictionary.read(f"[price]\nzh_rules = [{rule!r}]")


def test_folding_keeps_places() -> None:
    assert fold("ＡＢＣ，價格") == "abc,价格"
    assert fold("唔該，冇修好") == "不该,没修好"


HERE = Path(__file__).parents[2]


def measured(name: str) -> tuple[float, float, int]:
    """Give precision, recall and the number of comments of a coded set."""
    words = default()
    rows = [json.loads(line) for line in (HERE / "themes" / name).read_text(encoding="utf-8").splitlines()]
    pairs = [(words.themes_of(row["text"]), set(row["themes"])) for row in rows]
    right = sum(len(found & coded) for found, coded in pairs)
    return right / sum(len(found) for found, _ in pairs), right / sum(len(coded) for _, coded in pairs), len(rows)


def test_the_page_prints_what_the_frozen_comments_measure() -> None:
    precision, recall, comments = measured("frozen-3.jsonl")
    assert precision >= 0.9
    assert recall >= 0.7
    page = (HERE.parent / "docs" / "methods.md").read_text(encoding="utf-8")
    assert f"precision {precision:.2f}, recall {recall:.2f} over {comments} comments" in page
