"""Ways of answering beside one another, where some of them know no order."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm

from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.records.periods import Period
from tests.findings.samples import CUTOFF, answered, made_organisation, make_survey, response, scale

WORK = ("repair", "service")


def test_posters_which_know_no_kind_of_work_do_not_hide_how_the_others_differ() -> None:
    # statsmodels OLS on mode, station and kind of work; a poster's answer stands at the mean of the known kinds.
    chance = np.random.default_rng(12)
    stations = [f"s{place}" for place in range(8)]
    organisation = made_organisation(stations)
    survey = make_survey([scale("overall")])
    place = np.repeat(np.arange(8), 60)
    way = np.tile(np.repeat([0, 1, 2], [30, 15, 15]), 8)  # web, phone, qr
    work = np.where(way == 2, -1, chance.integers(0, 2, 480))
    usual = 3.4 + 0.6 * (way == 1) - 0.3 * (work == 1) - 0.05 * place
    answers = np.clip(np.rint(usual + chance.normal(size=480)), 1, 5).astype(int)
    made = [
        replace(
            response(
                f"r{row:04}",
                answered(overall=int(answers[row])),
                unit=f"network/{stations[place[row]]}",
                day=date(2026, 8, 3),
                mode=("web", "phone", "qr")[way[row]],
            ),
            facts={"kind": WORK[work[row]]} if work[row] >= 0 else {},
        )
        for row in range(480)
    ]
    evidence = Evidence(survey, organisation, organisation.root, Period.parse("2026-Q3"), CUTOFF, made, ())
    effect = summarise(evidence)["mode_effect"]
    assert effect["reference"] == "web"
    known = work[work >= 0]
    rare = int(np.bincount(known).argmin())
    kind = np.where(work < 0, (known == rare).mean(), work == rare)
    dummies = [way == 1, way == 2, *(place == one for one in range(1, 8)), kind]
    design = np.column_stack([np.ones(480), *dummies]).astype(np.float64)
    fit = sm.OLS(25.0 * (answers - 1), design).fit(cov_type="cluster", cov_kwds={"groups": place}, use_t=True)
    for at, mode in ((1, "phone"), (2, "qr")):
        found = effect["modes"][mode]
        assert found["difference"] == pytest.approx(float(fit.params[at]), abs=1e-9)
        assert (found["low"], found["high"]) == pytest.approx(tuple(fit.conf_int()[at]), abs=1e-9)
    assert effect["modes"]["phone"]["low"] > 0
