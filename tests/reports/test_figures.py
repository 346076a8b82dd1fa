import pytest

from revisit.records.survey import LANGUAGES
from revisit.reports.figures import Change, Figure, Numbers, figure, rounded
from revisit.reports.words import words

ENGLISH, CHINESE = Numbers(words("en")), Numbers(words("zh-Hans"))


def test_it_prints_no_decimal_below_a_hundred_answers_and_one_from_there() -> None:
    assert ENGLISH.figure(Figure("score", 77.8975, n=99)) == "78"
    assert ENGLISH.figure(Figure("score", 77.8975, n=100)) == "77.9"
    assert ENGLISH.figure(Figure("score", 77.8975, n=100), whole=True) == "78"


@pytest.mark.parametrize(
    ("value", "places", "wanted"), [(0.5, 0, "1"), (2.5, 0, "3"), (1.005, 2, "1.01"), (-0.4, 0, "0"), (-2.5, 0, "-3")]
)
def test_it_rounds_half_up_and_not_by_binary_dust(value: float, places: int, wanted: str) -> None:
    assert str(rounded(value, places)) == wanted


def test_it_writes_an_interval_as_each_language_does() -> None:
    share = Figure("share", 0.809, 0.749, 0.855, n=54)
    assert ENGLISH.interval(share) == "75–86%"
    assert CHINESE.interval(share) == "75%～86%"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.74, 0.896, "74.0–89.6%"),  # missed: "74–90%" would meet 90 %
        (0.896, 0.95, "89.6–95.0%"),  # unclear: "90–95%" would meet it
        (0.74, 0.8996, "74.00–89.96%"),
        (0.74, 0.88, "74–88%"),
        (0.9, 0.95, "90–95%"),
    ],
)
def test_it_rounds_no_limit_onto_the_other_side_of_its_target(low: float, high: float, said: str) -> None:
    assert ENGLISH.interval(Figure("share", (low + high) / 2, low, high, n=54, target=0.9)) == said
    assert ENGLISH.interval(Figure("share", (low + high) / 2, low, high, n=54)).count(".") == 0


def test_it_rounds_no_value_onto_its_target_either() -> None:
    assert ENGLISH.figure(Figure("share", 0.9997, n=4000, target=1.0)) == "99.97%"
    assert ENGLISH.figure(Figure("score", 79.6, 76.0, 82.0, n=40, target=80), whole=True) == "79.6"


def test_it_never_joins_negative_numbers_by_a_dash() -> None:
    assert ENGLISH.interval(Figure("nps", 4, -5, 13, n=50)) == "−5 to 13"


def test_it_prints_a_dash_and_no_interval_for_what_is_withheld() -> None:
    withheld = figure(
        "score", {"n": None, "score": None, "low": None, "high": None}, value="score", reason="fewer_than_10"
    )
    assert (ENGLISH.figure(withheld), ENGLISH.interval(withheld), withheld.shown) == ("–", "", False)


@pytest.mark.parametrize(("n", "small"), [(9, False), (10, True), (29, True), (30, False)])
def test_it_marks_a_base_of_10_to_29_as_small(n: int, *, small: bool) -> None:
    assert Figure("score", 70.0, 60.0, 80.0, n=n).small is small


@pytest.mark.parametrize(
    ("change", "direction"),
    [
        (Change(5, 1, 9, "up"), "rose"),
        (Change(-5, -9, -1, "down_small"), "fell"),
        (Change(5, 1, 9, "none"), "unclear"),
        (Change(5, -1, 11, "up"), "unclear"),
    ],
)
def test_it_lets_nothing_rise_or_fall_that_verdict_and_interval_do_not_carry(change: Change, direction: str) -> None:
    assert change.direction == direction


def test_it_writes_a_target_with_a_decimal_only_where_it_has_one() -> None:
    assert ENGLISH.target(Figure("share", target=0.85)) == "85%"
    assert ENGLISH.target(Figure("share", target=0.855)) == "85.5%"
    assert ENGLISH.target(Figure("score")) == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("before", "now", "low", "high", "said"),
    [
        (83.0, 59.0, -31.4, -16.4, ("83", "59", "−24", "−31", "−16")),
        (83.3, 59.6, -31.4, -16.4, ("83.3", "59.6", "−23.7", "−31.4", "−16.4")),  # not "from 83 to 60 (−24"
        (83.34, 59.26, -31.4, -16.4, ("83", "59", "−24", "−31", "−16")),
        (88.02, 88.31, 0.1, 0.4, ("88.0", "88.3", "+0.3", "+0.1", "+0.4")),  # not "from 88 to 88 (0, probably 0 to 0"
    ],
)
def test_a_change_is_the_difference_of_the_figures_beside_it_and_has_a_width(
    language: str, before: float, now: float, low: float, high: float, said: tuple[str, ...]
) -> None:
    step = Numbers(words(language)).step(Figure("score", now, n=50), Change(now - before, low, high, before=before))
    assert tuple(step[name] for name in ("before", "now", "change", "low", "high")) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interval_that_has_a_width_is_printed_with_one(language: str) -> None:
    numbers = Numbers(words(language))
    sure = Figure("share", 0.9999, 0.9968, 1.0, n=99)
    assert (numbers.figure(sure), numbers.interval(sure)) != ("100%", numbers.span(1.0, 1.0, "share", 0))
    assert numbers.interval(sure) in {"99.7–100.0%", "99.7%～100.0%"}
