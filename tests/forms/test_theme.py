"""The theme: every pair of colours can be read, in light and dark, and a small logo stands on the page."""

from dataclasses import replace

import pytest

from revisit.flows.publishing.publish import publish
from revisit.forms.page import message
from revisit.forms.theme import check_colours, check_theme
from revisit.records.problems import ContentError
from revisit.settings import Settings, defaults


@pytest.mark.parametrize("colour", ["#0b57a4", "#ffff00", "#ffffff", "#000000", "#d00000", "#7fb800", "#888888"])
def test_it_makes_every_brand_readable_on_every_ground(settings: Settings, colour: str) -> None:
    assert [str(problem) for problem in check_theme(replace(settings, brand={"colour": colour}))] == []


def test_it_names_the_pair_and_the_ratio(settings: Settings) -> None:
    style = settings.workspace.templates / "form" / "style.css"
    style.parent.mkdir(parents=True)
    whole = (defaults() / "site_templates" / "form" / "style.css").read_text(encoding="utf-8")
    style.write_text(whole.replace("--soft:#b3bac2", "--soft:#555555"), encoding="utf-8")
    said = [str(problem) for problem in check_theme(settings)]
    assert said[0] == (
        "site_templates/form/style.css W003 --soft #555555 on --paper #14171a (dark) has a contrast of 2.41. "
        "Move them apart until it is at least 4.5."
    )
    with pytest.raises(ContentError, match="W003"):
        publish(settings)


def test_it_checks_light_and_dark_apart() -> None:
    css = ":root{--ink:#000;--paper:#fff}@media (prefers-color-scheme:dark){:root{--paper:#111}}"
    assert [problem.what for problem in check_colours(css)] == [
        "--ink #000 on --paper #111 (dark) has a contrast of 1.11"
    ]


def test_it_shows_a_small_logo_and_warns_of_others(settings: Settings) -> None:
    settings.workspace.templates.mkdir()
    (settings.workspace.templates / "logo.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8"
    )
    (settings.workspace.templates / "big.png").write_bytes(b"x" * 5000)
    shown = replace(settings, brand={"name": "Example Motors", "logo": "logo.svg"})
    assert check_theme(shown) == []
    assert b'<img src="data:image/svg+xml;base64,' in message(shown, "en", "thanks")
    for name in ("big.png", "gone.svg", "../revisit.toml", "style.css"):
        other = replace(settings, brand={"name": "Example Motors", "logo": name})
        assert [(problem.code, problem.severity) for problem in check_theme(other)] == [("W004", "warning")]
        assert b"<header>Example Motors</header>" in message(other, "en", "thanks")
