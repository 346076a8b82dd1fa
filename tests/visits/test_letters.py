from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from revisit.records.letters import Channel, Letter
from revisit.records.orders import Contact, RepairOrder
from revisit.settings import Mail
from revisit.texts import compile_catalogues
from revisit.visits import outbox
from revisit.visits.letters import Message, Occasion, Unwritable, write
from tests.visits.shop import NOW, shop

LINK = "https://visit.example.com/v/0123456789abcdef"
ORDER = RepairOrder(
    *(
        "2611-1",
        "A-4711",
        "demo/lakeside",
        date(2026, 11, 20),
        "2611-2",
        "轻风 1.5",
        "沪A00012",
        "技师甲",
        "顾问甲",
        "刹车异响",
    ),
    facts={"payer": "customer"},
)
CONTACT = Contact("2611-2", "样例甲", "+8613000000012", "sample@example.com")
OCCASION = Occasion(ORDER, CONTACT, LINK, datetime(2026, 12, 5, 16, tzinfo=UTC), "privacy@example.com")


@pytest.fixture(autouse=True, scope="module")
def words() -> None:
    compile_catalogues()


def letter(channel: Channel, language: str) -> Letter:
    return Letter("2611-3", "2611-4", channel, language, "queued", NOW, NOW)


def written(root: Path, channel: Channel, language: str, occasion: Occasion = OCCASION) -> Message:
    return write(shop(root), letter(channel, language), occasion)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "on your 轻风 1.5 at Lakeside."),
        ("zh-Hans", "，湖滨站为您的轻风 1.5 提供了服务。"),
        ("zh-Hant", "，Lakeside 為您的轻风 1.5 提供了服務。"),
    ],
)
def test_it_sets_figures_off_from_chinese_words(tmp_path: Path, language: str, words: str) -> None:
    occasion = replace(OCCASION, order=replace(ORDER, asset="轻风 1.5"))
    message = written(tmp_path, "email", language, occasion)
    assert words in message.text
    assert words in message.html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("How was our work on Nov 20?", "Lakeside", "December 5, 2026", "Demo Motors")),
        ("zh-Hans", ("11月20日的服务，您还满意吗？", "湖滨站", "有效期至2026年12月5日", "示范汽车")),
        ("zh-Hant", ("11月20日的服務，您還滿意嗎？", "Lakeside", "有效期限至2026年12月5日", "Demo Motors")),
    ],
)
def test_it_lets_customers_recognise_the_repair_in_their_own_language(
    tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    message = written(tmp_path, "email", language)
    for text in (message.subject + message.text, message.html):
        assert all(word in text for word in (*words[1:], LINK, "轻风 1.5", "privacy@example.com"))
    assert message.subject == words[0]
    assert f'<html lang="{language}">' in message.html


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_it_tells_nothing_else_of_the_order(tmp_path: Path, channel: Channel, language: str) -> None:
    message = written(tmp_path, channel, language)
    told = message.subject + message.text + message.html
    assert not [
        secret
        for secret in ("样例甲", "沪A00012", "技师甲", "顾问甲", "刹车异响", "A-4711", "13000000012")
        if secret in told
    ]


def test_it_writes_a_text_message_in_one_line_and_counts_it(tmp_path: Path) -> None:
    message = written(tmp_path, "sms", "zh-Hans")
    assert message.text == f"【示范汽车】11月20日的服务您满意吗？填写不到两分钟：{LINK}"
    assert (message.length.alphabet, message.length.segments) == ("ucs-2", 2)
    assert written(tmp_path, "sms", "en").length.segments == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "less than two minutes"), ("zh-Hans", "不到两分钟"), ("zh-Hant", "不到兩分鐘")],
)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_it_says_how_long_the_questions_take(tmp_path: Path, channel: Channel, language: str, words: str) -> None:
    assert words in written(tmp_path, channel, language).text


def test_it_escapes_words_from_an_export(tmp_path: Path) -> None:
    occasion = replace(OCCASION, order=replace(ORDER, asset='<img src=x onerror="alert(1)">'))
    assert "<img" not in written(tmp_path, "email", "en", occasion).html


def test_it_takes_a_template_of_the_workspace_first(tmp_path: Path) -> None:
    own = tmp_path / "site_templates" / "letters"
    own.mkdir(parents=True)
    (own / "invitation.sms.txt").write_text("{{ who }} {{ link }}\n", encoding="utf-8")
    assert written(tmp_path, "sms", "en").text == f"Demo Motors {LINK}"


@pytest.mark.parametrize(
    ("occasion", "why"),
    [
        (replace(OCCASION, contact=replace(CONTACT, email="")), "no e-mail address"),
        (replace(OCCASION, link=""), "no open link"),
    ],
)
def test_it_says_why_it_cannot_write(tmp_path: Path, occasion: Occasion, why: str) -> None:
    with pytest.raises(Unwritable, match=why):
        written(tmp_path, "email", "en", occasion)


MAIL = Mail("mail.example.com", sender="service@example.com")
MESSAGE = Message("sample@example.com", "zh-Hans", "您好\n", "11月20日的服务", "<p>您好</p>")


def test_it_makes_an_e_mail_with_one_recipient_and_both_kinds_of_text() -> None:
    email = outbox.compose(MAIL, letter("email", "zh-Hans"), MESSAGE, "示范汽车")
    read = message_from_bytes(email.as_bytes(), policy=policy.default)
    assert (read["To"], read["From"]) == ("sample@example.com", "示范汽车 <service@example.com>")
    assert (read["Subject"], read["Content-Language"]) == ("11月20日的服务", "zh-Hans")
    assert read["Message-ID"] == "<2611-3@example.com>"
    assert read["List-Unsubscribe"] is None
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert (plain.get_content(), html.get_content()) == ("您好\n", "<p>您好</p>\n")


@pytest.mark.parametrize("place", ["to", "subject"])
def test_it_refuses_a_line_break_in_a_header(place: str) -> None:
    bad = replace(MESSAGE, **{place: "a@example.com\r\nBcc: b@example.com"})
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        outbox.compose(MAIL, letter("email", "en"), bad, "Demo")


def test_it_refuses_a_line_break_in_our_own_name() -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        outbox.compose(MAIL, letter("email", "en"), MESSAGE, "Demo\r\nBcc: b@example.com")


def test_it_keeps_one_file_for_a_letter_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "outbox"
    for content in (b"first", b"second"):
        path = outbox.put(folder, letter("sms", "en"), content)
    assert [file.name for file in folder.iterdir()] == ["2611-3.txt"]
    assert path.read_bytes() == b"second"
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_it_says_in_the_file_how_long_a_text_message_is() -> None:
    content = outbox.text_message(Message("+8613000000012", "zh-Hans", "您好" * 40)).decode()
    assert content == f"To: +8613000000012\nAlphabet: ucs-2\nPlaces: 80\nSegments: 2\n\n{'您好' * 40}\n"


def test_it_writes_in_the_default_language_to_those_whose_own_it_does_not_speak(tmp_path: Path) -> None:
    settings = replace(shop(tmp_path), default_language="zh-Hant")
    message = write(settings, letter("email", "ar"), OCCASION)
    assert (message.language, '<html lang="zh-Hant">' in message.html) == ("zh-Hant", True)
    assert message.subject.endswith("您還滿意嗎？")
