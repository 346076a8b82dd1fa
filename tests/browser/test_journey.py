"""A customer's whole way in a real browser: from the link to the thanks, on a phone, with JavaScript and without."""

import re
import threading
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from revisit.visits.sample.browser import Browser, BrowserFault
from tests.browser.conftest import Opener
from tests.browser.world import Shop

pytestmark = pytest.mark.browser

THANKS = {"en": "Thank you", "zh-Hans": "谢谢", "zh-Hant": "謝謝"}
ANSWERS = {
    "channel_used": "phone",
    "channel_rating": "4",
    "speed_work": "3",
    "attitude_people": "5",
    "quality_work": "2",
    "price_fair": "na",
    "overall": "3",
    "fixed": "partly",
    "recommend": "6",
}
BUDGET = 14 * 1024  # bytes of a form with its script, compressed


def choose(page: Page, answers: dict[str, str]) -> None:
    """Tap the words of each answer, as a person does."""
    for name, value in answers.items():
        box = page.locator(f'input[name="{name}"][value="{value}"]')
        page.locator("label", has=box).click()
        expect(box).to_be_checked()


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button.send").click()


def violations(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else found.generate_report()


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
@pytest.mark.parametrize("language", THANKS)
def test_it_takes_an_answer(shop: Shop, phone: Opener, language: str, script: bool) -> None:  # noqa: FBT001
    visit = shop.customer(language)
    page = phone(script=script).new_page()
    page.goto(visit.link)
    assert page.locator("html").get_attribute("lang") == language
    choose(page, ANSWERS)
    page.locator("#comment").fill("The noise is back. 异响又出现了。")
    send(page)
    assert page.url.endswith(f"/s/repair/{language}/thanks")
    assert THANKS[language] in page.locator("main").inner_text()

    stored = shop.answer(visit)
    assert stored is not None
    assert {name: stored.answers[name].value for name in ("speed_work", "overall", "fixed", "recommend")} == {
        "speed_work": 3,
        "overall": 3,
        "fixed": "partly",
        "recommend": 6,
    }
    assert stored.answers["price_fair"].state == "na"
    assert stored.answers["comment"].value == "The noise is back. 异响又出现了。"
    assert (stored.mode, stored.language, stored.unit) == ("web", language, visit.visit.unit)
    assert stored.duration is not None


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_it_shows_thanks_and_no_answers_when_the_link_is_opened_again(
    shop: Shop,
    phone: Opener,
    script: bool,  # noqa: FBT001
) -> None:
    visit = shop.customer("en")
    page = phone(script=script).new_page()
    page.goto(visit.link)
    choose(page, {"overall": "2", "fixed": "no"})
    page.locator("#comment").fill("Only for you")
    send(page)
    again = phone(script=script).new_page()
    response = again.goto(visit.link)
    assert response is not None
    assert response.status == 200
    assert "Thank you" in again.locator("main").inner_text()
    assert "Only for you" not in again.content()
    assert again.locator("form").count() == 0


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
@pytest.mark.parametrize("language", THANKS)
def test_it_says_what_is_missing_and_keeps_the_rest(shop: Shop, phone: Opener, language: str, script: bool) -> None:  # noqa: FBT001
    visit = shop.customer(language)
    page = phone(script=script).new_page()
    page.goto(visit.link)
    choose(page, {"speed_work": "4"})
    page.locator("#comment").fill("half <done> & kept")
    send(page)
    assert shop.answer(visit) is None
    summary = page.locator("[role=alert] a")
    assert summary.count() == 2
    assert page.locator('input[name="speed_work"][value="4"]').is_checked()
    assert page.locator("#comment").input_value() == "half <done> & kept"
    summary.first.click()
    expect(page).to_have_url(re.compile("#overall$"))
    choose(page, {"overall": "5", "fixed": "yes"})
    send(page)
    stored = shop.answer(visit)
    assert stored is not None
    assert (stored.answers["speed_work"].value, stored.answers["overall"].value) == (4, 5)


def test_it_asks_the_price_only_of_those_who_paid(shop: Shop, phone: Opener) -> None:
    page = phone(script=False).new_page()
    page.goto(shop.customer("en", "customer").link)
    assert page.locator('input[name="price_fair"]').count() == 6
    page.goto(shop.customer("en", "warranty").link)
    assert page.locator('input[name="price_fair"]').count() == 0


def test_it_keeps_the_language_that_was_chosen_for_a_link(shop: Shop, phone: Opener) -> None:
    visit, other = shop.customer("zh-Hant"), shop.customer("zh-Hant")
    device = phone()
    page = device.new_page()
    page.goto(visit.link)
    choose(page, {"overall": "4"})
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    page.close()
    again = device.new_page()
    again.goto(visit.link)
    expect(again.locator("html")).to_have_attribute("lang", "en")
    again.get_by_role("button", name="Go on with those answers").click()
    choose(again, {"fixed": "yes"})
    send(again)
    stored = shop.answer(visit)
    assert stored is not None
    assert (stored.language, stored.answers["overall"].value) == ("en", 4)
    again.goto(other.link)
    assert again.locator("html").get_attribute("lang") == "zh-Hant"


def test_it_says_at_once_that_an_address_without_a_code_stores_nothing(shop: Shop, phone: Opener) -> None:
    page = phone().new_page()
    page.goto(f"{shop.address}/s/repair/en/a/")
    expect(page.get_by_role("alert")).to_contain_text("Answers given on this page cannot be stored.")
    for address in (shop.customer("en").link, shop.poster()):
        page.goto(address)
        expect(page.locator("form")).to_have_count(1)
        expect(page.get_by_role("alert")).to_have_count(0)


def test_it_changes_the_language_without_losing_an_answer(shop: Shop, phone: Opener) -> None:
    visit = shop.customer("en")
    page = phone(script=False).new_page()
    page.goto(visit.link)
    choose(page, {"overall": "1"})
    with page.expect_navigation():
        page.locator('button[value="zh-Hant"]').click()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert page.locator('input[name="overall"][value="1"]').is_checked()
    choose(page, {"fixed": "no"})
    send(page)
    stored = shop.answer(visit)
    assert stored is not None
    assert (stored.language, stored.answers["overall"].value) == ("zh-Hant", 1)


@pytest.mark.parametrize("language", THANKS)
def test_it_opens_a_poster_in_the_language_of_the_phone(shop: Shop, phone: Opener, language: str) -> None:
    page = phone(script=False, language={"zh-Hans": "zh-CN", "zh-Hant": "zh-HK"}.get(language, "en-GB")).new_page()
    page.goto(shop.poster())
    assert page.locator("html").get_attribute("lang") == language
    choose(page, {"overall": "4", "fixed": "yes"})
    send(page)
    assert THANKS[language] in page.locator("main").inner_text()


@pytest.mark.parametrize("rounds", range(3))
def test_it_keeps_one_of_two_simultaneous_answers(shop: Shop, phone: Opener, rounds: int) -> None:
    visit = shop.customer(list(THANKS)[rounds])
    page = phone(script=True).new_page()
    page.goto(visit.link)
    statuses = page.evaluate(
        """async () => {
            const post = value => {
                const body = new URLSearchParams(new FormData(document.querySelector("form")));
                body.set("overall", value);
                body.set("fixed", "yes");
                return fetch(location.href, {method: "POST", body}).then(answer => answer.status);
            };
            return Promise.all([post("1"), post("5")]);
        }"""
    )
    assert sorted(statuses) == [200, 409]
    stored = shop.answer(visit)
    assert stored is not None
    assert stored.answers["overall"].value == (1 if statuses[0] == 200 else 5)


def test_it_keeps_one_of_many_answers_from_many_browsers(shop: Shop) -> None:
    visit = shop.customer("en")
    browsers = [Browser(shop.address, "en") for _person in range(8)]
    pages = [browser.open(visit.link) for browser in browsers]
    gate, outcomes = threading.Barrier(len(browsers)), []

    def post(place: int) -> None:
        gate.wait()
        try:
            browsers[place].send(pages[place], {"overall": "3", "fixed": "yes", "comment": f"answer {place}"})
        except BrowserFault:
            outcomes.append("refused")
        else:
            outcomes.append(f"answer {place}")

    threads = [threading.Thread(target=post, args=(place,)) for place in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = shop.answer(visit)
    assert stored is not None
    assert sorted(outcomes) == sorted([str(stored.answers["comment"].value), *["refused"] * 7])


def records(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def test_it_lets_scanners_and_previews_look_without_spending_anything(shop: Shop, phone: Opener) -> None:
    visit = shop.customer("zh-Hans")
    before = records(shop.office.settings.workspace.data)
    for agent in ("Mozilla/5.0 BarracudaCentral", "MicroMessenger preview", "Googlebot/2.1"):
        context = phone(script=True, user_agent=agent)
        for _time in range(2):
            context.request.head(visit.link)
            context.new_page().goto(visit.link)
    assert records(shop.office.settings.workspace.data) == before
    page = phone(script=False).new_page()
    page.goto(visit.link)
    choose(page, {"overall": "5", "fixed": "yes"})
    send(page)
    assert shop.answer(visit) is not None


@pytest.mark.parametrize("language", THANKS)
def test_it_weighs_little_and_asks_nobody_else(shop: Shop, phone: Opener, language: str) -> None:
    page = phone(script=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    response = page.goto(shop.customer(language).link)
    page.wait_for_load_state("networkidle")
    assert response is not None
    assert [address.split("?")[0].replace(shop.address, "") for address in asked if not address.startswith("data:")][
        1:
    ] == [response.url.split("?")[0].replace(shop.address, "")]
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    assert len(packer.compress(response.body()) + packer.flush()) <= BUDGET


@pytest.mark.parametrize("language", THANKS)
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_it_fits_the_screen(shop: Shop, phone: Opener, language: str, width: int) -> None:
    page = phone(script=False).new_page()
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{shop.address}/s/repair-full/{language}/")
    if page.locator("form").count() == 0:
        page.goto(shop.poster())
    assert page.locator("form").count() == 1
    # with the script off in the page, the sizes are asked for from outside
    assert page.locator("html").evaluate("element => element.scrollWidth") <= width


@pytest.mark.parametrize("language", THANKS)
def test_it_has_no_barrier_that_axe_finds(shop: Shop, phone: Opener, language: str) -> None:
    visit = shop.customer(language, "warranty")
    page = phone(script=True, bypass_csp=True).new_page()
    page.goto(visit.link)
    assert violations(page) == ""
    send(page)
    assert page.locator("[role=alert]").count() >= 1
    assert violations(page) == ""
    choose(page, {"overall": "5", "fixed": "yes"})
    send(page)
    assert violations(page) == ""
    page.goto(visit.link)
    assert violations(page) == ""
    page.goto(f"{shop.address}/v/0000000000000000")
    assert violations(page) == ""


def test_it_takes_the_keyboard_alone(shop: Shop, phone: Opener) -> None:
    visit = shop.customer("en")
    page = phone(script=False).new_page()
    page.goto(visit.link)
    page.locator('input[name="overall"]').first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator('input[name="overall"][value="2"]').is_checked()
    page.locator('input[name="fixed"]').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks")
    stored = shop.answer(visit)
    assert stored is not None
    assert (stored.answers["overall"].value, stored.answers["fixed"].value) == (2, "yes")
