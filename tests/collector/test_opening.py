"""Opening hours at the door: before and after, links and posters lead to a page that says when."""

from datetime import timedelta

from flask.testing import FlaskClient

from revisit.flows.publishing.publish import publish
from tests.collector.world import World


def close(world: World, line: str) -> None:
    path = world.root / "surveys" / "repair.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("language: en\n", f"language: en\n{line}\n", 1), encoding="utf-8")
    publish(world.settings)


def test_it_closes_a_survey_after_its_hours(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    other, _ = world.invite()
    address, fields = world.opened(client, code)
    _, other_fields = world.opened(client, other)
    data = {**fields, "fixed_well": "5"}
    query = client.get(f"/v/{code}").headers["Location"]
    assert client.post(query, data=data).status_code == 303
    late = client.get(f"/v/{other}").headers["Location"]
    close(world, f"open_until: {world.now.date() - timedelta(days=1)}")
    for response in (client.get(f"/v/{other}"), client.post(late, data={**other_fields, "fixed_well": "5"})):
        assert response.status_code == 410
        assert "We collected answers until" in response.text
    poster = world.poster()
    assert client.get(f"/q/{poster.id}").status_code == 410
    assert client.post(query, data=data).status_code == 303, "the same answers again are no new ones"
    assert len(list(world.store.responses("repair"))) == 1
    assert address


def test_it_says_when_a_survey_opens(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    close(world, f"open_from: {world.now.date() + timedelta(days=3)}")
    response = client.get(f"/v/{code}")
    assert response.status_code == 410
    assert "It opens on" in response.text
