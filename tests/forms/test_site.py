"""The site is swapped in whole, versions are kept, and both survive what can go wrong."""

import os
import shutil
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revisit.flows.publishing.publish import publish
from revisit.forms import shares, site
from revisit.forms.site import Built, NoSiteError, Site, build_site, page_path
from revisit.forms.versions import DamagedVersionError, keep, latest, load_version, published, published_languages
from revisit.records.problems import ContentError, RevisitError
from revisit.settings import Settings, defaults


@pytest.fixture
def workspace(settings: Settings) -> Settings:
    shutil.copytree(defaults() / "surveys", settings.workspace.surveys)
    return settings


def shown(settings: Settings) -> dict[str, bytes]:
    root = settings.workspace.site.resolve()
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_it_builds_a_page_for_each_survey_language_and_set_of_facts(workspace: Settings) -> None:
    steps: list[tuple[int, int]] = []
    made = publish(workspace, lambda done, total: steps.append((done, total)))
    assert made.pages == 12
    assert steps == [(done, 12) for done in range(1, 13)]
    assert set(shown(workspace)) == {
        "site.json",
        *(
            page_path(name, language, facts) + "index.html"
            for name in ("repair", "repair-full")
            for language in ("en", "zh-Hans", "zh-Hant")
            for facts in ("a", "b")
        ),
    }


def test_it_builds_the_same_bytes_twice(workspace: Settings) -> None:
    publish(workspace)
    first = shown(workspace)
    publish(workspace)
    assert shown(workspace) == first


def test_it_serves_only_what_the_manifest_names(workspace: Settings) -> None:
    publish(workspace)
    site = Site.open(workspace.workspace.site)
    page = site.page("/s/repair/en/a/")
    assert page is not None
    assert page == site.page("s/repair/en/a/index.html")
    assert page.content.startswith(b"<!doctype html>")
    assert page.etag.startswith('"')
    assert "style-src 'sha256-" in page.csp
    for path in ("s/repair/en/", "site.json", "../../revisit.toml", "s/../site.json", "", "s/repair/en/a/../b"):
        assert site.page(path) is None


def test_it_shows_a_new_site_as_soon_as_it_is_swapped_in(workspace: Settings) -> None:
    publish(workspace)
    site = Site.open(workspace.workspace.site)
    before = site.page("s/repair/en/a")
    source = workspace.workspace.surveys / "repair.md"
    source.write_text(source.read_text("utf-8").replace("How was your repair?", "And your repair?"), "utf-8")
    publish(workspace)
    after = site.page("s/repair/en/a")
    assert before is not None
    assert after is not None
    assert b"And your repair?" in after.content
    assert before.etag != after.etag


def test_it_keeps_the_old_site_when_a_survey_has_a_fault(workspace: Settings) -> None:
    publish(workspace)
    before = shown(workspace)
    (workspace.workspace.surveys / "broken.md").write_text("### Broken", "utf-8")
    with pytest.raises(ContentError, match=r"broken\.md:1:1 F001"):
        publish(workspace)
    assert shown(workspace) == before


@pytest.mark.parametrize(("module", "failing"), [(site, "draw"), (site, "write_new"), (os, "fsync"), (Path, "replace")])
def test_it_keeps_the_old_site_when_the_build_fails_half_way(
    workspace: Settings, module: object, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(workspace)
    before = shown(workspace)
    first = 1 if failing == "replace" else 5
    true, calls = getattr(module, failing), 0

    def fails(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == first:
            raise OSError(28, "No space left on device")
        return true(*arguments, **options)

    monkeypatch.setattr(module, failing, fails)
    with pytest.raises(OSError, match="No space"):
        publish(replace(workspace, brand={"name": "Another brand"}))
    assert shown(workspace) == before
    builds = workspace.workspace.site.parent / ".sites"
    assert len([path for path in builds.iterdir() if path.is_dir()]) == 1


def test_it_leaves_one_build_for_those_who_are_reading(workspace: Settings) -> None:
    for time in range(4):
        publish(replace(workspace, brand={"name": f"Brand {time}"}))
    builds = workspace.workspace.site.parent / ".sites"
    assert len([path for path in builds.iterdir() if path.is_dir()]) == 2


def test_it_replaces_a_plain_folder_and_can_be_moved(workspace: Settings, tmp_path: Path) -> None:
    workspace.workspace.site.mkdir(parents=True)
    (workspace.workspace.site / "old.html").write_text("old", "utf-8")
    publish(workspace)
    assert "old.html" not in shown(workspace)
    moved = tmp_path / "elsewhere"
    shutil.move(workspace.workspace.root / "build", moved)
    assert Site.open(moved / "site").page("s/repair/en/a") is not None


def test_it_says_what_to_do_without_a_site(workspace: Settings) -> None:
    with pytest.raises(NoSiteError, match="Run: revisit build"):
        Site.open(workspace.workspace.site)
    publish(workspace)
    (workspace.workspace.site / "site.json").write_text("{", "utf-8")
    with pytest.raises(NoSiteError, match="damaged"):
        Site.open(workspace.workspace.site)


def test_it_keeps_every_version(workspace: Settings) -> None:
    library = publish(workspace).library
    folder = workspace.workspace.versions
    first = library.survey("repair", "zh-Hant")
    assert first is not None
    assert latest(folder, "repair", "zh-Hant") == first
    assert load_version(folder, "repair", first.form_hash, first.text_hash) == first
    source = workspace.workspace.surveys / "repair.zh-Hant.md"
    source.write_text(source.read_text("utf-8").replace("技師", "師傅"), "utf-8")
    second = publish(workspace).library.survey("repair", "zh-Hant")
    assert second is not None
    assert (second.form_hash, second.text_hash) != (first.form_hash, first.text_hash)
    assert second.form_hash == first.form_hash
    assert latest(folder, "repair", "zh-Hant") == second
    assert load_version(folder, "repair", first.form_hash, first.text_hash) == first
    assert published(folder) == ("repair", "repair-full")


def test_it_gives_the_source_for_a_language_that_lacks(workspace: Settings) -> None:
    publish(workspace)
    (workspace.workspace.surveys / "repair.zh-Hant.md").unlink()
    made = publish(workspace)
    assert [problem.code for problem in made.warnings] == ["T010"]
    found = latest(workspace.workspace.versions, "repair", "zh-Hant")
    assert found is not None
    assert found.language == "en"
    assert latest(workspace.workspace.versions, "nothing", "en") is None
    assert published_languages(workspace.workspace.versions, "repair") == ("en", "zh-Hans")


@pytest.mark.parametrize(
    ("name", "form_hash", "text_hash"),
    [
        ("../repair", "0" * 16, "0" * 16),
        ("repair", "../../../etc", "passwd"),
        ("repair", "0" * 15, "0" * 16),
        ("repair", "0" * 16, "G" * 16),
        ("repair", "0" * 16, "0" * 16 + "\n"),
        ("repair", "", ""),
        ("repair", "0" * 16, "0" * 16),
    ],
)
def test_it_finds_nothing_for_what_a_browser_made_up(
    workspace: Settings, name: str, form_hash: str, text_hash: str
) -> None:
    publish(workspace)
    assert load_version(workspace.workspace.versions, name, form_hash, text_hash) is None


def test_it_says_which_version_is_damaged(workspace: Settings) -> None:
    library = publish(workspace).library
    survey = library.survey("repair", "en")
    assert survey is not None
    folder = workspace.workspace.versions
    path = folder / "repair" / f"{survey.form_hash}-{survey.text_hash}.json"
    path.write_text("{", "utf-8")
    with pytest.raises(DamagedVersionError, match="damaged"):
        latest(folder, "repair", "en")
    keep(folder, survey)
    assert latest(folder, "repair", "en") == survey


def test_it_leaves_no_half_file_when_keeping_fails(workspace: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = publish(workspace).library.survey("repair", "en")
    assert survey is not None
    folder = workspace.workspace.versions.parent / "other"

    def fails(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        keep(folder, survey)
    assert list((folder / "repair").iterdir()) == []


def test_it_keeps_the_old_site_when_the_surveys_are_gone(workspace: Settings) -> None:
    publish(workspace)
    shutil.rmtree(workspace.workspace.surveys)
    with pytest.raises(ContentError, match="S021 There is no survey"):
        publish(workspace)
    assert Site.open(workspace.workspace.site).page("s/repair/en/a") is not None


def test_it_can_be_empty(settings: Settings) -> None:
    from revisit.forms.library import Library

    assert build_site(settings, Library()) == Built(0, 0)
    assert Site.open(settings.workspace.site).page("s/repair/en") is None


def test_it_touches_only_what_changed(workspace: Settings) -> None:
    first = publish(workspace)
    assert first.drawn == first.pages
    root = workspace.workspace.site.resolve()
    assert publish(workspace).drawn == 0
    assert workspace.workspace.site.resolve() == root, "nothing changed, so nothing was swapped"
    path = workspace.workspace.surveys / "repair.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("How was your repair?", "And your repair?"), encoding="utf-8"
    )
    second = publish(workspace)
    assert second.drawn == 2, "the two pages of one survey in one language"
    page, other = (workspace.workspace.site / f"s/repair/{language}/a/index.html" for language in ("en", "zh-Hans"))
    assert b"And your repair?" in page.read_bytes()
    assert other.samefile(root / "s/repair/zh-Hans/a/index.html")
    assert not page.samefile(root / "s/repair/en/a/index.html")


def test_it_draws_again_what_was_tampered_with(workspace: Settings) -> None:
    publish(workspace)
    page = workspace.workspace.site / "s/repair/en/a/index.html"
    whole = page.read_bytes()
    page.write_bytes(b"half")
    assert publish(workspace).drawn == 1
    assert (workspace.workspace.site / "s/repair/en/a/index.html").read_bytes() == whole


def test_it_builds_the_same_bytes_with_many_processes_and_with_one(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []

    class Counted(ProcessPoolExecutor):
        def __init__(self, *arguments: Any) -> None:
            used.append(arguments[0])
            super().__init__(*arguments)

    publish(workspace)
    alone = shown(workspace)
    versions = workspace.workspace.versions
    kept = {path.name: path.read_bytes() for path in versions.rglob("*.json")}
    shutil.rmtree(workspace.workspace.root / "build")
    shutil.rmtree(versions)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Counted)
    monkeypatch.setattr(shares, "LEAST", 2)
    monkeypatch.setattr(shares, "SHARE", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 2})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    publish(workspace)
    assert used == [2, 3], "two surveys are read by two processes, twelve pages drawn by three"
    assert shown(workspace) == alone
    assert {path.name: path.read_bytes() for path in versions.rglob("*.json")} == kept


def test_it_builds_the_same_bytes_in_steps_and_at_once(workspace: Settings) -> None:
    texts = {path: path.read_text("utf-8") for path in workspace.workspace.surveys.iterdir()}
    publish(workspace)
    for path, text in texts.items():
        path.write_text(text.replace("privacy@example.com", "care@example.com"), "utf-8")
        publish(workspace)
    for path in sorted(texts):
        if path.name.startswith("repair-full"):
            path.unlink()
    publish(workspace)
    in_steps = shown(workspace)
    assert len(in_steps) == 7
    shutil.rmtree(workspace.workspace.root / "build")
    publish(workspace)
    assert shown(workspace) == in_steps


def test_it_stops_where_a_process_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    with pytest.raises(RevisitError, match="Run it again"):
        list(shares.each(lambda _piece: os._exit(9), range(shares.LEAST)))
