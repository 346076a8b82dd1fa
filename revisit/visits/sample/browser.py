"""A browser without a screen: opens a link, reads the form it leads to and posts it, as a customer's does."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from revisit.records.problems import RevisitError

MOST_HOPS = 5
TIMEOUT = 30.0  # seconds


class BrowserFault(RevisitError):
    """The server did not answer as it should."""


@dataclass(slots=True)
class Form:
    """The fields of a form: what is posted whatever is filled in, where text goes, and what may be chosen."""

    hidden: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def body(self, answers: dict[str, str]) -> str:
        """Give what a browser posts: hidden fields, every text field, and the choices that were made."""
        fields = list(self.hidden)
        fields += [(name, answers.get(name, "")) for name in self.texts]
        for name, offered in self.choices.items():
            fields += [(name, value) for value in answers.get(name, "").split() if value in offered]
        return urlencode(fields)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: its address (path and query), the status, and its form, where it has one."""

    address: str
    status: int
    form: Form


class Browser:
    """One customer's browser on one site. ``language`` is what it asks pages in."""

    def __init__(self, site: str, language: str) -> None:
        self.host = urlsplit(site).netloc
        self.language = language

    def open(self, address: str) -> Page:
        """Open an address of this site and follow where it leads. Raises BrowserFault when that has no form."""
        page = self._ask("GET", _on_site(address))
        if page.status != 200 or not page.form.hidden:
            raise BrowserFault(f"{_without_code(page.address)} answered {page.status} and has no form.")
        return page

    def send(self, page: Page, answers: dict[str, str]) -> None:
        """Fill in a form and post it. Raises BrowserFault unless the thank-you follows."""
        thanks = self._ask("POST", page.address, page.form.body(answers))
        if thanks.status != 200:
            raise BrowserFault(f"{_without_code(page.address)} answered a filled-in form with {thanks.status}.")

    def _ask(self, method: str, address: str, body: str | None = None) -> Page:
        for _hop in range(MOST_HOPS):
            status, moved, text = self._request(method, address, body)
            if status != http.HTTPStatus.SEE_OTHER:
                return Page(address, status, read_form(text))
            address = _on_site(urljoin(address, moved))
            method, body = "GET", None
        raise BrowserFault(f"{_without_code(address)} leads round in a circle.")

    def _request(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Accept-Language": self.language, "Host": self.host}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode("utf-8")
        except OSError as error:
            raise BrowserFault(f"The server at {self.host} does not answer: {error}.") from None
        finally:
            connection.close()


def read_form(text: str) -> Form:
    """Give the form of a page."""
    reader = _Reader()
    reader.feed(text)
    return reader.form


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or tag not in {"input", "textarea"}:
            return
        if kind == "hidden":
            self.form.hidden.append((name, given.get("value", "")))
        elif kind in {"radio", "checkbox"}:
            self.form.choices.setdefault(name, []).append(given.get("value", ""))
        else:
            self.form.texts.append(name)


def _on_site(address: str) -> str:
    """Give the path and query of an address: the site may be reached by another name than its links carry."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _without_code(address: str) -> str:
    """Give an address that may stand in a message: a link's code is as good as its answer."""
    path = urlsplit(address).path
    return "/v/…" if path.startswith("/v/") else path
