"""Statistics against values that others published; each test names its source."""

import numpy as np
import pytest

from revisit.findings.comparing.comparisons import exact_share_p, shrink
from revisit.findings.scoring.changes import adjusted
from revisit.findings.scoring.coverage import Coverage, response_rate, response_rate_3
from revisit.findings.statistics.drivers import lmg
from revisit.findings.statistics.intervals import jackknife_error, tango
from revisit.findings.statistics.nonresponse import associate
from revisit.findings.statistics.reliability import alpha

# Switzerland 1888, R's data set swiss: agriculture, examination, education, Catholic, infant mortality; fertility.
SWISS = """17 15 12 9.96 22.2 80.2|45.1 6 9 84.84 22.2 83.1|39.7 5 5 93.4 20.2 92.5|36.5 12 7 33.77 20.3 85.8
43.5 17 15 5.16 20.6 76.9|35.3 9 7 90.57 26.6 76.1|70.2 16 7 92.85 23.6 83.8|67.8 14 8 97.16 24.9 92.4
53.3 12 7 97.67 21 82.4|45.2 16 13 91.38 24.4 82.9|64.5 14 6 98.61 24.5 87.1|62 21 12 8.52 16.5 64.1
67.5 14 7 2.27 19.1 66.9|60.7 19 12 4.43 22.7 68.9|69.3 22 5 2.82 18.7 61.7|72.6 18 2 24.2 21.2 68.3
34 17 8 3.3 20 71.7|19.4 26 28 12.11 20.2 55.7|15.2 31 20 2.15 10.8 54.3|73 19 9 2.84 20 65.1
59.8 22 10 5.23 18 65.5|55.1 14 3 4.52 22.4 65|50.9 22 12 15.14 16.7 56.6|54.1 20 6 4.2 15.3 57.4
71.2 12 1 2.4 21 72.5|58.1 14 8 5.23 23.8 74.2|63.5 6 3 2.56 18 72|60.8 16 10 7.72 16.3 60.5
26.8 25 19 18.46 20.9 58.3|49.5 15 8 6.1 22.5 65.4|85.9 3 2 99.71 15.1 75.5|84.9 7 6 99.68 19.8 69.3
89.7 5 2 100 18.3 77.3|78.2 12 6 98.96 19.4 70.5|64.9 7 3 98.22 20.2 79.4|75.9 9 9 99.06 17.8 65
84.6 3 3 99.46 16.3 92.2|63.1 13 13 96.83 18.1 79.3|38.4 26 12 5.62 20.3 70.4|7.7 29 11 13.79 20.5 65.7
16.7 22 13 11.22 18.9 72.7|17.6 35 32 16.92 23 64.4|37.6 15 7 4.97 20 77.6|18.7 25 7 8.65 19.5 67.6
1.2 37 53 42.34 18 35|46.6 16 29 50.43 18.2 44.7|27.7 22 29 58.33 19.3 42.8"""
# Chatterjee & Price's survey of clerks, R's data set attitude: seven items, thirty departments.
ATTITUDE = """43 51 30 39 61 92 45|63 64 51 54 63 73 47|71 70 68 69 76 86 48|61 63 45 47 54 84 35|81 78 56 66 71 83 47
43 55 49 44 54 49 34|58 67 42 56 66 68 35|71 75 50 55 70 66 41|72 82 72 67 71 83 31|67 61 45 47 62 80 41
64 53 53 58 58 67 34|67 60 47 39 59 74 41|69 62 57 42 55 63 25|68 83 83 45 59 77 35|77 77 54 72 79 77 46
81 90 50 72 60 54 36|74 85 64 69 79 79 63|65 60 65 75 55 80 60|65 70 46 57 75 85 46|50 58 68 54 64 78 52
50 40 33 34 43 64 33|64 61 52 62 66 80 41|53 66 52 50 63 80 37|40 37 42 58 50 57 49|63 54 42 48 66 75 33
66 77 66 63 88 76 72|78 75 58 74 80 78 49|48 57 44 45 51 83 38|85 85 71 71 77 74 55|82 82 39 59 64 78 39"""


def columns(text: str) -> np.ndarray:
    return np.array([[float(cell) for cell in row.split()] for row in text.replace("\n", "|").split("|")]).T


def test_lmg_of_the_swiss_data_is_that_of_relaimpo() -> None:
    # R relaimpo (Grömping 2006), calc.relimp(swiss, type = "lmg"); summary(lm(Fertility ~ ., swiss)): R² = 0.7067.
    shares = lmg(np.asarray(np.corrcoef(columns(SWISS)))[None])[0]
    assert shares == pytest.approx([0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592], abs=5e-9)
    assert shares.sum() == pytest.approx(0.7067, abs=5e-5)


def test_alpha_of_the_clerks_is_that_of_psych() -> None:
    # R psych, alpha(attitude): raw_alpha 0.84.
    assert alpha(list(columns(ATTITUDE).astype(np.int64))) == pytest.approx(0.84, abs=5e-3)


def test_tango_gives_the_limits_of_the_children_with_transplants() -> None:
    # Bentur et al. 2009, 21 children, 1 and 7 discordant pairs; Tango's limits in Fagerland, Lydersen & Laake 2014,
    # Stat. Med. 33:2850: -0.517 to -0.026.
    assert tango(1, 7, 21) == pytest.approx((-0.517, -0.026), abs=5e-4)


def test_the_jackknife_gives_the_error_of_the_law_schools_correlation() -> None:
    # Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans: correlation 0.776, jackknife error 0.142(5).
    lsat = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594]
    grades = [3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96]
    table = np.array([lsat, grades])
    assert np.corrcoef(table)[0, 1] == pytest.approx(0.776, abs=5e-4)
    left_out = [float(np.corrcoef(np.delete(table, place, axis=1))[0, 1]) for place in range(15)]
    assert jackknife_error(left_out) == pytest.approx(0.1425, abs=5e-5)


def test_the_correction_rejects_what_benjamini_and_hochberg_reject() -> None:
    # Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289, section 3.2: the first four of fifteen, at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.759]
    corrected = adjusted({f"{place:02}": value for place, value in enumerate([*p, 1.0])})
    assert [name for name, value in corrected.items() if value <= 0.05] == ["00", "01", "02", "03"]


def test_the_exact_p_is_twice_the_tail_of_the_binomial_tables() -> None:
    # Binomial tables, n = 20, p = 0.5: P(X <= 7) = 0.1316; n = 10: P(X <= 2) = 0.0547.
    assert exact_share_p(7, 20, 0.5) == pytest.approx(2 * 0.1316, abs=1e-4)
    assert exact_share_p(13, 20, 0.5) == pytest.approx(2 * 0.1316, abs=1e-4)
    assert exact_share_p(2, 10, 0.5) == pytest.approx(2 * 0.0547, abs=1e-4)


def test_shrinking_the_eight_schools_gives_the_textbooks_quartiles() -> None:
    # Gelman et al., Bayesian Data Analysis, table 5.3: lower quartile, median, upper quartile from 200 draws of the
    # posterior with a uniform tau, in whole points; hence the tolerance.
    effects, errors = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    found = shrink(effects, errors**2)
    low, high = found.limits(0.5)
    assert low == pytest.approx([7, 3, 2, 4, 1, 2, 7, 3], abs=1.1)
    assert found.limits(0.0)[0] == pytest.approx([10, 8, 7, 8, 5, 6, 10, 8], abs=0.7)
    assert high == pytest.approx([16, 12, 11, 11, 10, 10, 15, 13], abs=1.1)


def test_chi_square_gives_that_of_the_berkeley_admissions() -> None:
    # R UCBAdmissions (Bickel, Hammel & O'Connell 1975), six departments together, no continuity correction: 92.205.
    found = associate([1198, 557], [2691, 1835])
    assert found is not None
    assert found.chi2 == pytest.approx(92.205, abs=5e-4)
    assert found.df == 1


def test_the_response_rate_is_that_of_outcomerate() -> None:
    # R outcomerate, vignette "Intro to outcomerate", data middleearth: RR1 = 0.47. RR3 by its formula, hand-worked.
    counts = {"I": 760, "P": 339, "R": 59, "NC": 288, "O": 1, "UO": 173, "NE": 71, "NI": 0}
    made = Coverage(1691, {}, counts, {})  # type: ignore[arg-type]
    rate = response_rate(made)
    assert rate is not None
    assert rate.value == pytest.approx(0.47, abs=5e-3)
    assert response_rate_3(made) == pytest.approx(760 / (1447 + 1447 / 1518 * 173), abs=1e-12)


def test_the_limits_rest_on_the_normal_quantile_of_the_tables() -> None:
    # z = 1.959964 in every table; all passive: ±z² / (n + z²).
    limits = tango(0, 0, 10)
    assert limits is not None
    assert limits.high == pytest.approx(1.959964**2 / (10 + 1.959964**2), abs=1e-6)
