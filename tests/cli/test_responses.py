import json
from pathlib import Path

import pytest

from tests.cli.shop import Run, open_shop

ANSWERS = (
    "工单号,提交时间,方式,overall,fixed\n"
    "LX-0010,2026-11-20,电话,5,yes\nLX-0011,2026-11-20,网页,9,no\nLX-9,2026-11-20,,5,yes\n"
)
OUTCOMES = "工单号,回访结果,原因\nLX-0012,拒访,\nLX-0013,免访,\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "outcomes.csv").write_text(OUTCOMES, encoding="utf-8")
    run = open_shop(tmp_path)
    run("orders", "import", "examples/orders-dealer.csv")
    return run


def test_it_takes_good_rows_in_and_names_the_bad_ones(run: Run) -> None:
    words = ("responses", "import", "answers.csv", "--orders", "outcomes.csv")
    shown = run(*words, "--dry-run", code=1).stdout
    assert "An import would add 1 answer and note 1 other outcome." in shown
    told = run(*words).stdout
    batch = told.split()[-1]
    assert "answers.csv: bad rows: 2" in told
    assert 'row 3, overall: "9" is no answer to overall.' in told
    assert 'row 4, 工单号: The order "LX-9" is not known. Bring it in first: revisit orders import FILE' in told
    assert "row 3, 原因: An excluded order needs a reason." in told
    assert "Imported 1 answer and noted 1 other outcome." in told
    assert "Nothing to import: everything usable in these files is known already." in run(*words).stdout
    due = {one["number"] for one in json.loads(run("visits", "due", "--json").stdout)}
    assert not due & {"LX-0010", "LX-0012"}
    assert "Took back 1 response of answers.csv." in run("orders", "undo", batch, "--yes").stdout
    back = {one["number"] for one in json.loads(run("visits", "due", "--json").stdout)}
    assert back - due == {"LX-0010", "LX-0012"}


def test_it_takes_the_words_of_a_map(run: Run, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('[values.overall]\n5 = ["9"]\n', encoding="utf-8")
    told = json.loads(run("responses", "import", "answers.csv", "--map", "map.toml", "--json").stdout)
    assert (told["imported_answers"], [bad["row"] for bad in told["bad"]]) == (2, [4])


def test_it_writes_the_bad_rows_to_a_file_that_goes_in_once_corrected(run: Run, tmp_path: Path) -> None:
    run("responses", "import", "answers.csv", "--bad-rows", "bad.csv")
    written = (tmp_path / "bad.csv").read_text(encoding="utf-8-sig")
    header, first, second = written.splitlines()
    assert header == "工单号,提交时间,方式,overall,fixed,row,what is wrong,what to do"
    assert first.startswith('LX-0011,2026-11-20,网页,9,no,3,"overall: ""9"" is no answer to overall"')
    assert second.startswith('LX-9,2026-11-20,,5,yes,4,"工单号: The order ""LX-9"" is not known"')
    (tmp_path / "bad.csv").write_text(written.replace(",9,", ",4,"), encoding="utf-8-sig")
    told = run("responses", "import", "bad.csv").stdout
    assert "Not read: row, what is wrong, what to do" in told
    assert "Imported 1 answer and noted 0 other outcomes." in told


def test_it_names_twenty_faults_and_says_where_all_of_them_are(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"LX-{n},2026-11-20,5\n" for n in range(1000, 1100))
    (tmp_path / "many.csv").write_text(f"工单号,提交时间,overall\n{rows}", encoding="utf-8")
    told = run("responses", "import", "many.csv", code=1).stdout
    assert "many.csv: bad rows: 100" in told
    assert "and 80 other faults; all of them go to a file with: --bad-rows bad.csv" in told
    assert len(told.splitlines()) < 30
    assert told.rstrip().endswith("Nothing was imported.")


def test_it_says_that_a_file_has_no_rows_and_which_columns_it_does_not_know(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("工单号,提交时间,overall,Overal 2\n", encoding="utf-8")
    told = run("responses", "import", "none.csv").stdout
    assert '"none.csv" has headers and no row below them.' in told
    assert "Not read: Overal 2 (name them under [columns] in a --map file)" in told
    assert 'Did you mean "repair"?' in run("responses", "import", "none.csv", "--survey", "repare", code=2).stderr
