"""The built pages, answered before the application: a GET of a form needs no more than its bytes and its headers.

It is what a web server in front would do with the files (see ``revisit webserver``). Whatever is not a plain GET or
HEAD of a page that the site names, under a name of ours, goes on to the application, conditions and ranges too.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.sansio.utils import host_is_trusted

from collector.respond import EVERYWHERE, HSTS
from revisit.forms.site import NoSiteError, Page, Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")
PREFIX = "/s/"


def page_headers(page: Page) -> dict[str, str]:
    """Give the headers of a page of the site, whoever serves it."""
    return {
        **EVERYWHERE,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": page.csp,
        "Cache-Control": "no-cache",
        "ETag": page.etag,
    }


class Pages:
    """A WSGI layer over the application that answers for the site's pages."""

    def __init__(self, application: "WSGIApplication", site: Site, hosts: list[str], *, secure: bool) -> None:
        self.application = application
        self.site = site
        self.hosts = hosts
        self.secure = secure

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer for a page, or leave it to the application."""
        page = self._page(environ)
        if page is None:
            return self.application(environ, start_response)
        headers = page_headers(page)
        if self.secure or environ["wsgi.url_scheme"] == "https":
            headers["Strict-Transport-Security"] = HSTS
        headers["Content-Length"] = str(len(page.content))
        start_response("200 OK", list(headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.content]

    def _page(self, environ: "WSGIEnvironment") -> Page | None:
        path = environ.get("PATH_INFO", "")
        plain = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and path.startswith(PREFIX) and path.endswith("/")
        if not plain or any(name in environ for name in CONDITIONS):
            return None
        if not host_is_trusted(environ.get("HTTP_HOST"), self.hosts):
            return None
        try:
            return self.site.page(path)
        except NoSiteError:
            return None  # the application says so in the visitor's language
