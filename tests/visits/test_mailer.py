import socket
from email.message import EmailMessage

import pytest

from revisit.records.problems import CallError
from revisit.settings import Mail
from revisit.visits.mailer import Delivery, Mailer
from tests.visits.post_office import Manner, PostOffice, post_office


def mail(office: PostOffice, **other: str) -> Mail:
    settings = {"sender": "Demo <service@example.com>", "security": "none"} | other
    return Mail("127.0.0.1", office.port, **settings)


def letter(to: str = "sample@example.com") -> EmailMessage:
    email = EmailMessage()
    email["To"] = to
    email["Subject"] = "你好"
    email.set_content("line\n.\n.dot\n")
    return email


def deliver(office: PostOffice, timeout: float = 5) -> Delivery:
    with Mailer(mail(office), timeout) as mailer:
        return mailer.deliver(letter())


def test_it_hands_a_letter_over_once_and_whole() -> None:
    with post_office() as office:
        assert deliver(office) == Delivery("sent")
        (content,) = office.taken
        assert "\r\n..\r\n..dot\r\n" in content
        assert office.recipients == ["rcpt TO:<sample@example.com>"]


def test_it_sends_several_letters_in_one_talk() -> None:
    with post_office() as office, Mailer(mail(office)) as mailer:
        assert [mailer.deliver(letter()).fate for _ in range(3)] == ["sent"] * 3
        assert (office.talks, len(office.taken)) == (1, 3)


@pytest.mark.parametrize(
    ("manner", "fate", "unreachable", "taken"),
    [
        ("rcpt 550", "bounced", False, 0),
        ("rcpt 451", "later", False, 0),
        ("data 554", "failed", False, 0),
        ("mail 451", "later", True, 0),
        ("hang up", "unknown", False, 0),
        ("take and hang up", "unknown", False, 1),
    ],
)
def test_it_names_every_end(manner: Manner, fate: str, unreachable: bool, taken: int) -> None:  # noqa: FBT001  # a table
    with post_office(manner) as office:
        delivery = deliver(office)
        assert (delivery.fate, delivery.unreachable, len(office.taken)) == (fate, unreachable, taken)
        assert delivery.error


def test_it_leaves_a_server_that_says_nothing() -> None:
    with post_office("silent") as office:
        delivery = deliver(office, timeout=0.2)
    assert (delivery.fate, delivery.unreachable) == ("later", True)


def test_it_keeps_the_letter_when_no_server_is_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        delivery = deliver(PostOffice(port=taken.getsockname()[1]))
    assert (delivery.fate, delivery.unreachable) == ("later", True)


def test_it_begins_a_new_talk_after_a_refusal() -> None:
    with post_office("rcpt 550") as office, Mailer(mail(office)) as mailer:
        assert mailer.deliver(letter()).fate == "bounced"
        office.manner = "good"
        assert mailer.deliver(letter()).fate == "sent"


def test_it_says_nothing_in_the_clear() -> None:
    with post_office() as office:
        with Mailer(mail(office, security="starttls", user="me", password="secret")) as mailer:
            delivery = mailer.deliver(letter())
        assert (delivery.fate, delivery.unreachable, office.taken) == ("later", True, [])
        assert "secret" not in delivery.error


def test_it_allows_the_clear_on_this_machine_alone() -> None:
    with pytest.raises(CallError, match='Write security = "starttls" or "tls"'):
        Mailer(Mail("mail.example.com", sender="a@example.com", security="none"))


def test_it_asks_for_a_sender() -> None:
    with pytest.raises(CallError, match=r'Add sender = "service@example.com"'):
        Mailer(Mail("mail.example.com"))
