"""Pages of a survey that is asked, and of one that was taken out of the site."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient

from revisit.flows.publish import publish
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
