"""What a customer gets: every request of the collector's table with its answer."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector import access
from revisit.store.protocol import StoreBusy, StoreFull
from tests.collector.world import HIDDEN, World


def opened(client: FlaskClient, path: str) -> tuple[str, dict[str, str]]:
    """Follow a link to its form; give the form's address and its hidden fields."""
    response = client.get(path)
    assert response.status_code == 303, response.text
    address = response.headers["Location"]
    page = client.get(address)
    assert page.status_code == 200
    hidden = HIDDEN.findall(page.text)
    return address, dict(hidden)


def fill(client: FlaskClient, path: str, **values: str) -> tuple[str, TestResponse]:
    address, fields = opened(client, path)
    return address, client.post(address, data={**fields, "fixed_well": "5", **values})


def snapshot(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def test_it_leads_a_link_to_the_page_of_its_order(world: World, client: FlaskClient) -> None:
    paid, _ = world.invite(payer="customer")
    free, _ = world.invite(payer="warranty", language="zh-Hans")
    for code, language, price in ((paid, "en", True), (free, "zh-Hans", False)):
        address, fields = opened(client, f"/v/{code}")
        assert urlsplit(address).path.startswith(f"/s/repair/{language}/")
        assert set(fields) == {"form_hash", "text_hash"}
        page = client.get(address)
        assert ("price_fair" in page.text) is price
        assert "RO-" not in page.text
        assert code not in page.text


def test_it_stores_an_answer_and_says_thanks(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite()
    world.now += timedelta(seconds=70)
    address, response = fill(client, f"/v/{code}", price_fair="na", comment="ignored, because nothing went wrong")
    assert response.status_code == 303
    thanks = client.get(response.headers["Location"])
    assert thanks.status_code == 200
    assert "Thank" in thanks.text
    assert "privacy@example.com" in thanks.text
    (stored,) = world.store.responses("repair")
    assert stored.id == invitation.id
    assert {name: (one.state, one.value) for name, one in stored.answers.items()} == {
        "fixed_well": ("answered", 5),
        "price_fair": ("na", None),
        "comment": ("not_asked", None),
    }
    assert (stored.unit, stored.day, stored.mode, stored.visit_id) == (
        "demo/lakeside", invitation.day, "web", invitation.visit_id,
    )  # fmt: skip
    assert stored.duration == 0
    again = client.get(f"/v/{code}")
    assert again.status_code == 200
    assert "price" not in again.text.lower()
    assert client.get(address).status_code == 200


def test_it_knows_a_repeat_from_another_answer(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, first = fill(client, f"/v/{code}", comment="")
    fields = {**opened_fields(client, address), "fixed_well": "5"}
    assert client.post(address, data=fields).status_code == first.status_code == 303
    other = client.post(address, data={**fields, "fixed_well": "1"})
    assert other.status_code == 409
    world.now += timedelta(days=30)
    assert client.post(address, data=fields).status_code == 303
    (stored,) = world.store.responses("repair")
    assert stored.answers["fixed_well"].value == 5


def opened_fields(client: FlaskClient, address: str) -> dict[str, str]:
    page = client.get(address)
    return dict(HIDDEN.findall(page.text))


def test_it_draws_an_invalid_form_again_with_everything_kept(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    response = client.post(address, data={**fields, "comment": 'kept <b>"words"</b>', "price_fair": "2"})
    assert response.status_code == 422
    assert "kept &lt;b&gt;" in response.text
    assert len(re.findall(r" checked[ >]", response.text)) == 1
    assert "Error" in response.text
    assert list(world.store.responses("repair")) == []


def test_it_switches_the_language_and_stores_nothing(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    data = {**fields, "comment": "still here", "switch": "zh-Hans"}
    response = client.post(address, data=data)
    assert response.status_code == 200
    assert "这次维修怎么样" in response.text
    assert "still here" in response.text
    assert list(world.store.responses("repair")) == []
    hidden = dict(HIDDEN.findall(response.text))
    sent = client.post(address, data={**hidden, "fixed_well": "4"})
    assert sent.status_code == 303
    assert "/zh-Hans/" in sent.headers["Location"]
    assert next(world.store.responses("repair")).language == "zh-Hans"


def test_it_closes_links_that_ran_out_or_were_voided(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite()
    late, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    late_address, _ = opened(client, f"/v/{late}")
    world.store.void(invitation, world.now)
    data = {**fields, "fixed_well": "5"}
    assert client.get(f"/v/{code}").status_code == 410
    assert client.post(address, data=data).status_code == 410
    world.now += timedelta(days=16)
    assert client.get(f"/v/{late}").status_code == 410
    assert client.post(late_address, data=data).status_code == 410
    assert list(world.store.responses("repair")) == []


def test_it_keeps_the_answers_on_the_page_of_an_unknown_link(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    data = {**fields, "fixed_well": "2", "comment": "not lost"}
    for wrong in ("", "?t=", "?t=0000000000000000", "?t=%2e%2e%2f", "?n=p.x.1.y"):
        response = client.post(urlsplit(address).path + wrong, data=data)
        assert response.status_code == 404
        assert "not lost" in response.text
    assert client.get("/v/0000000000000000").status_code == 404
    assert client.get("/v/..%2f..%2fetc").status_code == 404


def test_it_leads_a_survey_without_an_order_to_a_page(client: FlaskClient) -> None:
    for path in ("/s/repair/", "/s/repair/en/", "/s/repair/fr/?t=x"):
        response = client.get(path)
        assert response.status_code == 303
        assert urlsplit(response.headers["Location"]).query == urlsplit(path).query
        assert client.get(response.headers["Location"]).status_code == 200
    for path in ("/s/none/", "/s/none/en/", "/s/repair/en/zz/", "/s/../en/"):
        assert client.get(path).status_code == 404


def test_it_reads_a_code_kindly(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    typed = f" {code[:4].upper()}-{code[4:]} ".replace("0", "O").replace("1", "l")
    assert client.get(f"/v/{typed}").status_code == 303


def test_it_refuses_too_much_and_keeps_living(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    big = client.post(address, data={**fields, "comment": "x" * 70_000})
    assert big.status_code == 413
    assert "<html" in big.text
    assert client.post(address, data={**fields, "fixed_well": "5"}).status_code == 303


@pytest.mark.parametrize(("fault", "status"), [(StoreFull("full"), 507), (StoreBusy("busy"), 503)])
def test_it_keeps_the_answers_while_the_store_cannot(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    code, _ = world.invite()

    def refuse(_response: object) -> str:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(world.store, "record", refuse)
        _address, response = fill(client, f"/v/{code}", fixed_well="1", comment="not lost")
    assert response.status_code == status
    assert int(response.headers["Retry-After"]) > 0
    assert "not lost" in response.text
    assert fill(client, f"/v/{code}")[1].status_code == 303


@pytest.mark.parametrize("world", ["folder"], indirect=True)
def test_it_takes_answers_while_a_data_file_is_damaged(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite()
    address, fields = opened(client, f"/v/{code}")
    (path,) = (world.root / "data" / "answers").glob("*.json")
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert client.get(f"/v/{code}").status_code == 503
    response = client.post(address, data={**fields, "fixed_well": "2"})
    assert response.status_code == 202
    assert client.get("/healthz").status_code == 503
    path.write_bytes(whole)
    assert world.store.file_set_aside() == 1
    (stored,) = world.store.responses("repair")
    assert (stored.visit_id, stored.unit) == (invitation.visit_id, invitation.unit)
    assert client.get("/healthz").text == "ok\n"


def test_it_accepts_the_version_that_was_open_in_the_browser(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    world.write_survey(fixed_well="The fault is gone for good.")
    assert opened_fields(client, address) != fields
    assert client.post(address, data={**fields, "fixed_well": "3"}).status_code == 303
    (stored,) = world.store.responses("repair")
    assert stored.text_hash == fields["text_hash"]


def test_it_shows_the_current_form_for_a_version_it_does_not_know(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    for unknown in ("0" * len(fields["form_hash"]), "../../etc", ""):
        data = {**fields, "form_hash": unknown, "fixed_well": "2", "comment": "not lost"}
        response = client.post(address, data=data)
        assert response.status_code == 422
        assert "not lost" in response.text
        assert fields["form_hash"] in response.text


def test_it_takes_answers_from_a_poster_once(world: World, client: FlaskClient) -> None:
    poster = world.poster()
    address, fields = opened(client, f"/q/{poster.id}")
    assert "price_fair" not in client.get(address).text
    data = {**fields, "fixed_well": "4"}
    world.now += timedelta(seconds=30)
    assert client.post(address, data=data).status_code == 303
    assert client.post(address, data=data).status_code == 303
    assert client.post(address, data={**data, "fixed_well": "1"}).status_code == 409
    (stored,) = world.store.responses("repair")
    assert (stored.mode, stored.poster_id, stored.visit_id, stored.unit) == ("qr", poster.id, None, "demo/lakeside")
    assert (stored.duration, stored.flags) == (30, ())
    assert stored.answers["price_fair"].state == "not_asked"
    other, _ = opened(client, f"/q/{poster.id}")
    assert client.post(other, data=data).status_code == 303
    assert [one.flags for one in world.store.responses("repair") if one.id != stored.id] == [("quick",)]


def test_it_gives_an_old_poster_page_a_fresh_nonce(world: World, client: FlaskClient) -> None:
    poster = world.poster()
    address, fields = opened(client, f"/q/{poster.id}")
    world.now += timedelta(hours=25)
    response = client.post(address, data={**fields, "fixed_well": "2", "comment": "not lost"})
    assert response.status_code == 422
    assert "not lost" in response.text
    action = re.search(r'action="(\?n=[^"]+)"', response.text)
    assert action is not None
    again = client.post(urlsplit(address).path + action[1], data={**fields, "fixed_well": "2"})
    assert again.status_code == 303


def test_it_refuses_nonces_that_are_not_ours(world: World, client: FlaskClient) -> None:
    poster = world.poster()
    address, fields = opened(client, f"/q/{poster.id}")
    nonce = urlsplit(address).query.removeprefix("n=")
    for place in range(0, len(nonce), 3):
        changed = nonce[:place] + ("0" if nonce[place] != "0" else "1") + nonce[place + 1 :]
        response = client.post(f"{urlsplit(address).path}?n={changed}", data={**fields, "fixed_well": "5"})
        assert response.status_code in {404, 429}
    assert list(world.store.responses("repair")) == []


def test_it_changes_nothing_on_get(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    poster = world.poster()
    client.get(f"/q/{poster.id}")
    before = snapshot(world.root / "data")
    for path in (f"/v/{code}", f"/q/{poster.id}", f"/s/repair/en/?t={code}", "/s/repair/en/thanks", "/healthz", "/x"):
        for agent in ("Mozilla/5.0", "SafeLinks", "WeChat"):
            client.get(path, headers={"User-Agent": agent})
            client.head(path)
    assert snapshot(world.root / "data") == before
    assert fill(client, f"/v/{code}")[1].status_code == 303


def test_it_limits_guesses_and_poster_floods(world: World, client: FlaskClient) -> None:
    statuses = [client.get(f"/v/{number:016d}").status_code for number in range(40)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    poster = world.poster()
    access.limiter.reset()
    address, fields = opened(client, f"/q/{poster.id}")
    data = {**fields, "fixed_well": "5", "comment": "not lost"}
    for _ in range(31):
        response = client.post(address, data=data)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "not lost" in response.text


def test_it_builds_links_from_the_settings_alone(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    for headers in ({"Host": "evil.example"}, {"Host": "visit.example.com.evil.example"}):
        assert client.get(f"/v/{code}", headers=headers).status_code == 400
    forwarded = client.get(f"/v/{code}", headers={"X-Forwarded-Host": "evil.example"})
    assert forwarded.headers["Location"].startswith("/s/")


def test_it_sends_every_header_everywhere(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, fields = opened(client, f"/v/{code}")
    responses = [
        client.get(f"/v/{code}"),
        client.get(address),
        client.get("/nothing"),
        client.get("/healthz"),
        client.post(address, data=fields),
        client.post(address, data={"comment": "x" * 70_000}),
        client.delete(address),
        client.get("/v/0000000000000000"),
    ]
    for response in responses:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")
        assert "Set-Cookie" not in response.headers
        assert "Traceback" not in response.text
    assert responses[0].headers["Cache-Control"] == "no-store"
    assert responses[1].headers["Cache-Control"] == "no-cache"
    assert responses[4].headers["Cache-Control"] == "no-store"


def test_it_lets_a_browser_keep_the_form(world: World, client: FlaskClient) -> None:
    code, _ = world.invite()
    address, _ = opened(client, f"/v/{code}")
    page = client.get(address)
    same = client.get(address, headers={"If-None-Match": page.headers["ETag"]})
    assert same.status_code == 304
    assert client.get(urlsplit(address).path).data == page.data


def test_it_shows_no_trace_of_an_unforeseen_error(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    code, _ = world.invite()
    app = world.app()
    app.testing = False

    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(world.store, "invitation", fail)
    client = app.test_client()
    response = client.get(f"/v/{code}", base_url="https://visit.example.com")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "<html" in response.text
    assert "secret detail" in caplog.text
