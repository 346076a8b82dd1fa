"""Counts by group, also of surveys that score nothing."""

import numpy as np

from revisit.findings.counts.columns import gather
from revisit.findings.counts.tallies import tally_by
from tests.findings.samples import make_survey, scale, scored


def test_it_counts_groups_of_a_survey_without_dimensions() -> None:
    survey = make_survey([scale("overall")])
    columns = gather(scored([5, 4, 1]), survey)
    tallies = tally_by(columns, np.array([0, 2, 2]), 3)
    assert [found.n for found in tallies] == [1, 0, 2]
    assert [found.scored for found in tallies] == [0, 0, 0]
    assert all(found.pairs.shape == (0, 0) for found in tallies)
