"""How a workspace comes to be, and what is never overwritten."""

from dataclasses import replace
from pathlib import Path

import pytest

from revisit.flows.keeping.workspace import Plan, complete_workspace, make_workspace, station
from revisit.forms.library import read_library
from revisit.records.problems import CallError
from revisit.settings import load, load_keys

PLAN = Plan("Example Motors", "Asia/Shanghai", (station("lakeside=Lakeside"), station("harbour=海港站")))


def test_it_makes_settings_that_can_be_read(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", PLAN)
    settings = load(tmp_path / "shop", {})
    assert settings.timezone.key == "Asia/Shanghai"
    assert [(unit.path, unit.name) for unit in settings.organisation.units] == [
        ("all", "Example Motors"),
        ("all/lakeside", "Lakeside"),
        ("all/harbour", "海港站"),
    ]


def test_it_keeps_a_name_with_quotation_marks(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", replace(PLAN, name='The "Blue" \\ Garage'))
    assert load(tmp_path / "shop", {}).organisation.root.name == 'The "Blue" \\ Garage'


@pytest.mark.parametrize(
    ("timezone", "country", "language"),
    [
        ("Asia/Shanghai", "CN", "zh-Hans"),
        ("Asia/Taipei", "TW", "zh-Hant"),
        ("Asia/Hong_Kong", "HK", "zh-Hant"),
        ("Europe/Berlin", "DE", "en"),
    ],
)
def test_it_takes_country_and_language_from_the_timezone(
    tmp_path: Path, timezone: str, country: str, language: str
) -> None:
    make_workspace(tmp_path / "shop", replace(PLAN, timezone=timezone))
    settings = load(tmp_path / "shop", {})
    assert (settings.orders.phone_region, settings.default_language) == (country, language)


def test_it_names_the_organisation_in_every_privacy_notice(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", replace(PLAN, name='Garage "{Blue}", Ltd'))
    library, problems = read_library(tmp_path / "shop" / "surveys")
    assert [problem for problem in problems if problem.severity == "error"] == []
    for name in library.names:
        for language in library.languages(name):
            survey = library.survey(name, language)
            assert survey is not None
            assert survey.privacy.who == 'Garage "{Blue}", Ltd'


def test_it_says_when_a_folder_cannot_be_made() -> None:
    with pytest.raises(CallError, match="cannot be made"):
        make_workspace(Path("/proc/shop"), PLAN)


def test_it_works_for_one_shop_without_stations(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", Plan("Corner Garage", "UTC"))
    assert len(load(tmp_path / "shop", {}).organisation.units) == 1


def test_it_makes_keys_for_their_owner_alone_and_keeps_data_out_of_git(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", PLAN)
    assert (tmp_path / "shop" / "keys.toml").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "shop" / ".gitignore").read_text(encoding="utf-8").split() == ["/build/", "/data/", "/keys.toml"]
    assert list((tmp_path / "shop" / "surveys").glob("repair*.md"))


def test_it_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(CallError, match=r"not empty: it holds letter\.txt"):
        make_workspace(tmp_path, PLAN)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_it_takes_a_fresh_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    make_workspace(tmp_path, PLAN)
    assert load_keys(tmp_path, {}).current("links").secret


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (replace(PLAN, timezone="Asia/Shangai"), 'Did you mean "Asia/Shanghai"'),
        (replace(PLAN, stations=PLAN.stations * 2), '"lakeside" is used twice'),
    ],
)
def test_it_refuses_a_plan_before_it_writes(tmp_path: Path, plan: Plan, words: str) -> None:
    with pytest.raises(CallError, match=words):
        make_workspace(tmp_path / "shop", plan)
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize("text", ["Lake Side=x", "=x", "a/b=x", ""])
def test_it_refuses_an_id_that_could_not_stand_in_a_path(text: str) -> None:
    with pytest.raises(CallError, match="cannot be a station's id"):
        station(text)


def test_it_completes_a_workspace_and_touches_nothing_else(tmp_path: Path) -> None:
    make_workspace(tmp_path, PLAN)
    keys = (tmp_path / "keys.toml").read_bytes()
    (tmp_path / "surveys" / "own.md").write_text("mine", encoding="utf-8")
    (tmp_path / "build").rmdir()
    assert complete_workspace(tmp_path) == ["build/"]
    assert (tmp_path / "keys.toml").read_bytes() == keys
    assert (tmp_path / "surveys" / "own.md").read_text(encoding="utf-8") == "mine"


def test_it_makes_no_second_keys_for_records_that_are_there(tmp_path: Path) -> None:
    make_workspace(tmp_path, PLAN)
    (tmp_path / "keys.toml").unlink()
    (tmp_path / "data" / "users.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CallError, match="Put its copy back"):
        complete_workspace(tmp_path)
    assert not (tmp_path / "keys.toml").exists()
    complete_workspace(tmp_path, new_keys_wanted=True)
    assert load_keys(tmp_path, {}).current("links").secret


def test_it_makes_keys_where_surveys_were_built_and_nothing_recorded(tmp_path: Path) -> None:
    make_workspace(tmp_path, PLAN)
    (tmp_path / "keys.toml").unlink()
    (tmp_path / "data" / "versions" / "repair").mkdir(parents=True)
    (tmp_path / "data" / "versions" / "repair" / "a.json").write_text("{}", encoding="utf-8")
    (tmp_path / "data" / ".lock").touch()
    assert complete_workspace(tmp_path)[0].startswith("keys.toml")
