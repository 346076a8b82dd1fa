"""Handing e-mails to a mail server, and what became of each one."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr
from ipaddress import ip_address
from smtplib import SMTP, SMTP_SSL, SMTPException, SMTPResponseException, SMTPServerDisconnected
from types import TracebackType
from typing import Literal, Self

from revisit.records.problems import CallError
from revisit.settings import Mail

TIMEOUT = 10.0  # seconds for each step of the talk with the server

# sent: the server took it. bounced: it takes no letter to this address. failed: it will not take this one. later: it
# did not take it now, or was not there, and nothing left this machine. unknown: the talk broke off while it took the
# letter, which may have gone out.
Fate = Literal["sent", "bounced", "failed", "later", "unknown"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one letter; ``error`` is empty when it was sent, ``unreachable`` blames the server.

    ``filed``: it lies in the outbox, and Revisit itself has sent nothing.
    """

    fate: Fate
    error: str = ""
    unreachable: bool = False
    filed: bool = False


class Mailer:
    """A talk with one mail server, opened with the first letter and opened again when it broke off."""

    def __init__(self, mail: Mail, timeout: float = TIMEOUT) -> None:
        """Keep the settings. Raises CallError where letters and password would cross a network in the clear."""
        if mail.security == "none" and not _is_here(mail.host):
            raise CallError(
                f'revisit.toml: mail.security = "none" is only for a mail server on this machine, not "{mail.host}". '
                'Write security = "starttls" or "tls" under [mail].'
            )
        if not parseaddr(mail.sender)[1]:
            raise CallError('revisit.toml: [mail] has a host and no sender. Add sender = "service@example.com" there.')
        self.mail = mail
        self.timeout = timeout
        self._server: SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._close()

    def deliver(self, email: EmailMessage) -> Delivery:
        """Hand one e-mail over. Never tries twice by itself."""
        try:
            server = self._server or self._open()
            server.ehlo_or_helo_if_needed()
            _expect(server.mail(parseaddr(self.mail.sender)[1]))
        except (SMTPException, OSError) as error:
            self._close()
            return Delivery("later", _words(error), unreachable=True)
        try:
            _expect(server.rcpt(parseaddr(str(email["To"]))[1]))
        except (SMTPException, OSError) as error:
            self._close()
            return Delivery("bounced" if _is_final(error) else "later", _words(error))
        return self._hand_over(server, email.as_bytes(policy=SMTP_POLICY))

    def _hand_over(self, server: SMTP, content: bytes) -> Delivery:
        try:
            _expect(server.data(content))
        except SMTPResponseException as error:
            self._close()
            return Delivery("failed" if _is_final(error) else "later", _words(error))
        except (SMTPServerDisconnected, OSError) as error:
            self._close()
            return Delivery("unknown", f"The mail server broke off while it took the letter ({_words(error)})")
        return Delivery("sent")

    def _open(self) -> SMTP:
        mail = self.mail
        context = ssl.create_default_context()
        if mail.security == "tls":
            server: SMTP = SMTP_SSL(mail.host, mail.port, timeout=self.timeout, context=context)
        else:
            server = SMTP(mail.host, mail.port, timeout=self.timeout)
        self._server = server
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password)
        return server

    def _close(self) -> None:
        if self._server is not None:
            # The server may be gone already; a farewell that fails changes nothing.
            with suppress(SMTPException, OSError):
                self._server.quit()
            self._server.close()
            self._server = None


def _expect(reply: tuple[int, bytes]) -> None:
    code, words = reply
    if not 200 <= code < 300:
        raise SMTPResponseException(code, words)


def _is_final(error: Exception) -> bool:
    return isinstance(error, SMTPResponseException) and 500 <= error.smtp_code < 600


def _words(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return " ".join(f"{error.smtp_code} {text}".split())[:300]
    return " ".join(str(error).split())[:300] or type(error).__name__


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
