"""Pages of a survey that is asked, and of one that was taken out of the site."""

import shutil
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from revisit.flows.publishing.publish import publish
from tests.collector.world import HIDDEN, World


def test_it_closes_a_survey_that_is_no_longer_asked(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    poster = world.poster()
    address = client.get(f"/v/{code}").headers["Location"]
    fields = dict(HIDDEN.findall(client.get(address).text))
    for path in (world.root / "surveys").iterdir():
        path.rename(path.with_name(path.name.replace("repair", "service")))
    publish(world.settings)
    assert client.get(f"/v/{code}").status_code == 410
    assert client.get(f"/q/{poster.id}").status_code == 410
    assert client.post(address, data={**fields, "fixed_well": "5"}).status_code == 410
    assert client.get(urlsplit(address).path).status_code == 404
    assert list(world.store.responses("repair")) == []


def test_it_leads_the_bare_address_to_the_desk(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/desk/"


def test_it_asks_in_the_browsers_language_when_the_customers_is_not_known(world: World, client: FlaskClient) -> None:
    unknown, _ = world.invite(language="")
    known, _ = world.invite(language="en")
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9"}
    assert "/zh-Hans/" in client.get(f"/v/{unknown}", headers=chinese).headers["Location"]
    assert "/en/" in client.get(f"/v/{unknown}", headers={"Accept-Language": "fr"}).headers["Location"]
    assert "/en/" in client.get(f"/v/{known}", headers=chinese).headers["Location"]


def test_it_says_kindly_that_the_forms_are_gone(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    shutil.rmtree(world.root / "build")
    assert client.get(f"/v/{code}").status_code == 503
    health = client.get("/healthz")
    assert health.status_code == 503
    assert "revisit build" in health.text
