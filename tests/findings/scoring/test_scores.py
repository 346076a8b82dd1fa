import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.findings.counts.columns import Columns, completeness, gather
from revisit.findings.counts.lattices import Lattice, weights
from revisit.findings.counts.tallies import tally
from revisit.findings.scoring import scores
from revisit.findings.statistics.intervals import score_t
from revisit.findings.statistics.reliability import alpha, dimension_alpha
from revisit.records.responses import Answer, Response
from revisit.records.survey import Choice, Question, Survey
from tests.findings.samples import ELEVEN, REPAIR, WEIGHTS, answered, make_survey, response, scale, scored

FIVE = make_survey([scale("overall")])
states = st.sampled_from(["na", "blank", "not_asked", "invalid"])
rows = st.lists(
    st.tuples(*(st.one_of(st.integers(1, 5), states) for _ in range(7))),
    max_size=40,
)
ITEMS = ("on_time", "polite", "mended", "tidy", "price_fair", "easy_contact", "overall")


def made(table: Sequence[tuple[int | str, ...]]) -> list[Response]:
    return [
        response(
            f"r{place:04}",
            {
                name: Answer("answered", value) if isinstance(value, int) else Answer(value)  # type: ignore[arg-type]
                for name, value in zip(ITEMS, row, strict=True)
            },
        )
        for place, row in enumerate(table)
    ]


def columns(responses: list[Response], survey: Survey = REPAIR) -> Columns:
    return gather(responses, survey)


def test_it_scores_an_item_on_a_hundred() -> None:
    counts = tally(columns(scored([1, 2, 3, 4, 5, 5, 5, 4]), FIVE))
    estimate = scores.item_score(counts, FIVE.questions[0])
    assert estimate is not None
    values = (np.array([1, 2, 3, 4, 5, 5, 5, 4]) - 1) / 4
    limits = score_t(values.mean(), values.var(ddof=1) / 8, 8)
    assert limits is not None
    assert estimate[:4] == pytest.approx((8, 100 * values.mean(), 100 * limits.low, 100 * limits.high), abs=1e-9)
    assert scores.item_mean(counts, FIVE.questions[0]) == pytest.approx(29 / 8, abs=1e-12)


def test_it_turns_a_reversed_item_before_anything_else() -> None:
    survey = make_survey([scale("overall"), scale("waited", reverse=True)])
    counts = tally(gather([response(f"r{v}", answered(overall=6 - v, waited=v)) for v in (1, 1, 2, 5)], survey))
    straight, turned = survey.questions
    assert scores.item_score(counts, straight) == scores.item_score(counts, turned)
    assert scores.item_top(counts, straight) == scores.item_top(counts, turned)
    assert list(counts.valid(turned)) == [2, 1, 0, 0, 1]  # counts stay as given


def test_it_never_clips_what_is_outside_the_scale() -> None:
    answers: list[int] = [0, 1, 5, 6, 9, 11]
    counts = tally(columns(scored(answers), FIVE))
    assert counts.missing("overall", "invalid") == 4
    assert list(counts.valid(FIVE.questions[0])) == [1, 0, 0, 0, 1]


def test_in_the_zero_to_ten_question_zero_is_an_answer() -> None:
    survey = make_survey([Question("recommend", "nps", "?", choices=ELEVEN)])
    found = scores.recommendation(
        tally(gather(scored([0, 6, 7, 8, 9, 10, 10], "recommend"), survey)), survey.questions[0]
    )
    assert found is not None
    estimate, groups = found
    assert groups == (3, 2, 2)
    assert estimate.value == pytest.approx(100 / 7, abs=1e-12)


def test_it_keeps_the_missing_kinds_apart() -> None:
    responses = made([("na", "blank", "not_asked", "invalid", 5, 5, 5)] * 3)
    counts = tally(columns(responses))
    kinds = ("na", "blank", "not_asked", "invalid")
    assert [counts.missing(name, kind) for name, kind in zip(ITEMS[:4], kinds, strict=True)] == [3, 3, 3, 3]


def test_it_scores_a_dimension_by_the_half_rule() -> None:
    survey = make_survey([scale("a", "speed"), scale("b", "speed"), scale("c", "speed")])
    responses = [
        response("r1", answered(a=5, b=4, c=3)),  # mean 4 of 5
        response("r2", {"a": Answer("answered", 2), "b": Answer("answered", 3), "c": Answer("na")}),  # mean 2.5
        response("r3", {"a": Answer("answered", 5), "b": Answer("blank"), "c": Answer("na")}),  # too few
    ]
    estimate = scores.dimension_score(tally(gather(responses, survey)), "speed")
    assert estimate is not None
    assert estimate.n == 2
    assert estimate.value == pytest.approx(100 * ((4 + 2.5) / 2 - 1) / 4, abs=1e-12)
    strict = make_survey(survey.questions, min_items=3)
    assert scores.dimension_score(tally(gather(responses, strict)), "speed") is None
    loose = make_survey(survey.questions, min_items=1)
    three = scores.dimension_score(tally(gather(responses, loose)), "speed")
    assert three is not None
    assert three.value == pytest.approx(100 * ((4 + 2.5 + 5) / 3 - 1) / 4, abs=1e-12)


def test_items_of_different_length_count_alike() -> None:
    survey = make_survey([scale("a", "speed"), scale("b", "speed", points=7)])
    responses = [response("r1", answered(a=5, b=4)), response("r2", answered(a=1, b=7))]
    estimate = scores.dimension_score(tally(gather(responses, survey)), "speed")
    assert estimate is not None
    assert estimate.value == pytest.approx(100 * (0.75 + 0.5) / 2, abs=1e-12)


def test_the_top_two_of_a_dimension_are_those_at_or_above_the_second_best_point() -> None:
    survey = make_survey([scale("a", "speed"), scale("b", "speed")])
    pairs = [(5, 5), (4, 4), (5, 3), (5, 2), (4, 3)]
    counts = tally(gather([response(f"r{a}{b}", answered(a=a, b=b)) for a, b in pairs], survey))
    top = scores.dimension_top(counts, "speed")
    assert top is not None
    assert (top.n, top.value) == (5, 0.6)


def test_a_long_dimension_is_rounded_by_less_than_a_thousandth_of_a_point() -> None:
    survey = make_survey([scale(f"q{place}", "speed") for place in range(17)])
    values = [1 + (3 * place) % 5 for place in range(17)]
    answers = {f"q{place}": Answer("answered", value) for place, value in enumerate(values)}
    estimate = scores.dimension_score(
        tally(gather([response("r1", answers), response("r2", answers)], survey)), "speed"
    )
    assert estimate is not None
    assert estimate.value == pytest.approx(100 * (np.mean(values) - 1) / 4, abs=1e-3)


def reference_csi(table: list[list[float | None]], weights: list[float]) -> tuple[float, float, int]:
    """Give CSI, its linearised variance and n the long way, respondent by respondent (Särndal et al. 1992)."""
    means, sizes = [], []
    for column in zip(*table, strict=True):
        known = [value for value in column if value is not None]
        means.append(sum(known) / len(known))
        sizes.append(len(known))
    value = sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)
    u = [
        sum(
            w / sum(weights) * (s - m) / n
            for w, s, m, n in zip(weights, row, means, sizes, strict=True)
            if s is not None
        )
        for row in table
    ]
    n = sum(any(s is not None for s in row) for row in table)
    return value, n / (n - 1) * sum(x * x for x in u), n


def test_the_csi_and_its_variance_are_those_of_the_long_way() -> None:
    table: list[tuple[int | str, ...]] = [
        (5, 4, 4, 5, "not_asked", 3, 4),
        (2, 4, 3, "na", 3, "blank", 3),
        (5, 5, 5, 5, 4, 4, 5),
        ("blank", "blank", "blank", "blank", "blank", "blank", 5),
        (4, 3, 1, 2, 5, 2, 2),
        (1, 5, 2, 4, 2, 4, 3),
    ]
    long_way: list[list[float | None]] = []
    for row in table:
        value = [(x - 1) / 4 if isinstance(x, int) else None for x in row]
        quality = [x for x in value[2:4] if x is not None]
        long_way.append([value[0], value[1], sum(quality) / len(quality) if quality else None, value[4], value[5]])
    reference, variance, n = reference_csi(long_way, list(WEIGHTS.values()))
    limits = score_t(reference, variance, n)
    estimate = scores.csi(tally(columns(made(table))), weights(REPAIR))
    assert estimate is not None
    assert limits is not None
    assert n == 5
    assert estimate[:4] == pytest.approx((5, 100 * reference, 100 * limits.low, 100 * limits.high), abs=1e-9)


def test_the_csi_of_one_dimension_is_that_dimension() -> None:
    survey = make_survey([scale("a", "speed"), scale("b", "speed")])
    responses = [response(f"r{a}{b}", answered(a=a, b=b)) for a, b in [(5, 5), (4, 2), (5, 3), (1, 2), (4, 3)]]
    counts = tally(gather(responses, survey))
    assert scores.csi(counts, weights(survey)) == pytest.approx(scores.dimension_score(counts, "speed"), abs=1e-9)


def test_weights_are_never_spread_over_a_missing_dimension() -> None:
    counts = tally(columns(made([(5, 5, 5, 5, "not_asked", 5, 5)] * 20)))
    assert scores.csi(counts, weights(REPAIR)) is None


def test_equal_weights_stand_where_the_survey_names_none() -> None:
    assert weights(make_survey([scale("a", "speed"), scale("b", "price")])) == {"speed": 1.0, "price": 1.0}


def test_all_the_same_gives_a_figure_and_an_interval_with_width() -> None:
    for value, score in ((1, 0.0), (5, 100.0)):
        counts = tally(columns(made([(value,) * 7] * 12)))
        csi, item = scores.csi(counts, weights(REPAIR)), scores.item_score(counts, REPAIR.questions[0])
        assert csi is not None
        assert item is not None
        assert csi.value == pytest.approx(score, abs=1e-12)
        assert csi.high - csi.low > 1
        assert item.high - item.low > 1


def test_nobody_and_one_answer_give_no_figure() -> None:
    for table in ([], [(4,) * 7]):
        counts = tally(columns(made(table)))
        assert scores.csi(counts, weights(REPAIR)) is None
        assert scores.item_score(counts, REPAIR.questions[0]) is None
        assert scores.item_mean(counts, REPAIR.questions[0]) is None
        assert scores.dimension_score(counts, "speed") is None
    assert scores.item_top(tally(columns([])), REPAIR.questions[0]) is None


@given(rows, st.randoms())
def test_the_order_of_rows_changes_nothing(table: list[tuple[int | str, ...]], chance: object) -> None:
    responses = made(table)
    mixed = list(responses)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, two = tally(columns(responses)), tally(columns(mixed))
    assert scores.csi(one, weights(REPAIR)) == scores.csi(two, weights(REPAIR))
    for name in REPAIR.dimensions:
        assert scores.dimension_score(one, name) == scores.dimension_score(two, name)


@given(rows, rows)
def test_two_halves_make_the_whole(first: list[tuple[int | str, ...]], second: list[tuple[int | str, ...]]) -> None:
    whole = tally(columns(made(first + second)))
    halves = tally(columns(made(first))) + tally(columns(made(second)))
    assert whole.n == halves.n
    assert whole.scored == halves.scored
    assert whole.tops == halves.tops
    assert (whole.products == halves.products).all()
    assert scores.csi(whole, weights(REPAIR)) == scores.csi(halves, weights(REPAIR))
    assert scores.csi(whole - tally(columns(made(second))), weights(REPAIR)) == scores.csi(
        tally(columns(made(first))), weights(REPAIR)
    )
    for question in REPAIR.questions[:7]:
        assert scores.item_score(whole, question) == scores.item_score(halves, question)


@given(rows)
def test_scores_never_leave_the_scale(table: list[tuple[int | str, ...]]) -> None:
    counts = tally(columns(made(table)))
    found = [scores.csi(counts, weights(REPAIR))]
    found += [scores.dimension_score(counts, name) for name in REPAIR.dimensions]
    found += [scores.item_score(counts, question) for question in REPAIR.questions[:7]]
    for estimate in found:
        if estimate is not None:
            assert 0 <= estimate.low <= estimate.value <= estimate.high <= 100
            assert estimate.high > estimate.low


@given(rows)
def test_the_lattice_agrees_with_plain_means(table: list[tuple[int | str, ...]]) -> None:
    lattice = Lattice.of(REPAIR, "quality")
    found, _ = lattice.scores(columns(made(table)).values)
    for row, score in zip(table, found, strict=True):
        known = [(value - 1) / 4 for value in row[2:4] if isinstance(value, int)]
        assert score == (round(sum(known) / len(known) * lattice.steps) if known else -1)


def test_a_renamed_question_keeps_its_answers() -> None:
    question = Question("on_time", "satisfaction", "?", choices=scale("x").choices, was="punctual")
    counts = tally(gather(scored([4, 5], "punctual"), make_survey([question])))
    assert list(counts.valid(question)) == [0, 0, 0, 1, 1]


def test_answers_are_complete_partial_or_broken_off() -> None:
    questions = [scale(f"q{place}") for place in range(10)]
    survey = make_survey([*questions, Question("comment", "text", "?")])

    def with_answers(given_answers: int, *, na: int = 0, asked: int = 10) -> Response:
        answers = {f"q{place}": Answer("blank") for place in range(10)}
        for place in range(given_answers):
            answers[f"q{place}"] = Answer("na") if place < na else Answer("answered", 4)
        for place in range(asked, 10):
            answers[f"q{place}"] = Answer("not_asked")
        return response(f"r{given_answers}{na}{asked}", answers)

    drawn = [
        with_answers(8),
        with_answers(8, na=3),
        with_answers(7),
        with_answers(5),
        with_answers(4),
        with_answers(4, asked=5),
    ]
    assert completeness(gather(drawn, survey)).tolist() == ["I", "I", "P", "P", "R", "I"]
    nothing_asked = response("r", {f"q{place}": Answer("not_asked") for place in range(10)})
    assert completeness(gather([nothing_asked], survey)).tolist() == ["R"]


def test_alpha_is_that_of_the_covariances() -> None:
    table = np.array([[1, 2, 4, 4, 5, 3, 2], [2, 2, 5, 4, 4, 3, 1], [1, 3, 4, 5, 5, 2, 2], [2, 1, 5, 4, 5, 4, 2]])
    covariance = np.cov(table)
    k = len(table)
    assert alpha(list(table)) == pytest.approx(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()), abs=1e-12)
    r = np.corrcoef(table[:2])[0, 1]
    assert alpha(list(table[:2])) == pytest.approx(2 * r / (1 + r), abs=1e-12)
    assert alpha(list(table[:1])) is None
    assert alpha([np.array([4, 4, 4]), np.array([1, 2, 3])]) is None


def test_alpha_needs_fifty_complete_answers() -> None:
    table: list[tuple[int | str, ...]] = [(4, 4, 1 + place % 5, 1 + (place // 2) % 5, 3, 3, 3) for place in range(50)]
    assert dimension_alpha(columns(made(table)), "quality") is not None
    assert dimension_alpha(columns(made(table[:49])), "quality") is None
    assert dimension_alpha(columns(made(table)), "speed") is None


def test_choices_are_shares_of_those_who_chose() -> None:
    question = Question("fixed", "choice", "?", choices=(Choice("yes", "Yes"), Choice("no", "No")))
    survey = make_survey([question])
    responses = scored(["yes"] * 3 + ["no"] + ["maybe"], "fixed")  # type: ignore[arg-type]
    estimate = scores.choice_share(tally(gather(responses, survey)), question, "yes")
    assert estimate is not None
    assert (estimate.n, estimate.value) == (4, 0.75)
    assert math.isclose(scores.share(3, 4).low, estimate.low)  # type: ignore[union-attr]


def test_a_reversed_item_is_turned_in_its_dimension_too() -> None:
    survey = make_survey([scale("prompt", "speed"), scale("waited", "speed", reverse=True)])
    responses = [response(f"r{good}", answered(prompt=good, waited=6 - good)) for good in (5, 4, 2)]
    counts = tally(gather(responses, survey))
    estimate, top = scores.dimension_score(counts, "speed"), scores.dimension_top(counts, "speed")
    assert estimate is not None
    assert top is not None
    assert estimate.value == pytest.approx(100 * ((5 + 4 + 2) / 3 - 1) / 4, abs=1e-12)
    assert top.value == pytest.approx(2 / 3, abs=1e-12)


def test_alpha_turns_reversed_items() -> None:
    survey = make_survey([scale("prompt", "speed"), scale("waited", "speed", reverse=True)])
    responses = [response(f"r{place}", answered(prompt=1 + place % 5, waited=5 - place % 5)) for place in range(60)]
    assert dimension_alpha(gather(responses, survey), "speed") == pytest.approx(1, abs=1e-12)
