"""In which language a visitor is met, and how they come to another one."""

import re

import pytest
from flask.testing import FlaskClient

from collector.languages import known_language
from revisit.records.survey import LANGUAGES
from tests.collector.world import World


def test_it_says_that_a_link_is_over_in_the_language_of_the_browser(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite(language="zh-Hans")
    world.store.void(invitation, world.now)
    for asked, shown in (("en-GB,en;q=0.9", "en"), ("fr", "zh-Hans"), ("", "zh-Hans")):
        page = client.get(f"/v/{code}", headers={"Accept-Language": asked})
        assert (page.status_code, f'<html lang="{shown}"' in page.text) == (410, True), asked


def test_it_offers_the_page_of_a_link_that_is_over_in_the_other_languages(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite()
    world.store.void(invitation, world.now)
    page = client.get(f"/v/{code}", headers={"Accept-Language": "en"})
    assert re.findall(r'<a href="([^"]+)" lang="([^"]+)">', page.text) == [("?in=zh-Hans", "zh-Hans")]
    other = client.get(f"/v/{code}?in=zh-Hans", headers={"Accept-Language": "en"})
    assert (other.status_code, '<html lang="zh-Hans"' in other.text, "?in=en" in other.text) == (410, True, True)
    strange = client.get(f"/v/{code}?in=../xx", headers={"Accept-Language": "en"})
    assert (strange.status_code, '<html lang="en"' in strange.text) == (410, True)


@pytest.mark.parametrize(("asked", "language"), [("zh-CN", "zh-Hans"), ("de,en;q=0.5", "en"), ("fr", "en"), ("", "en")])
def test_it_speaks_the_visitors_language(client: FlaskClient, asked: str, language: str) -> None:
    response = client.get("/v/0000000000000000", headers={"Accept-Language": asked})
    assert f'<html lang="{language}"' in response.text


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-MO", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("zh", "zh-Hans"),
        ("zh-SG", "zh-Hans"), ("zh-Hans-CN", "zh-Hans"), ("en-GB", "en"), ("de", None), ("zhx", None),
    ],
)  # fmt: skip
def test_it_tells_the_kinds_of_chinese_apart(tag: str, language: str | None) -> None:
    assert known_language(tag, LANGUAGES) == language
