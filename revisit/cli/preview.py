"""``revisit preview``: surveys in the browser while they are being written."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import click

from revisit.cli.serve import until_stopped
from revisit.flows.publishing.preview import Preview
from revisit.forms.nearest import guess
from revisit.forms.site import csp_of
from revisit.records.problems import CallError
from revisit.settings import load

LARGEST_BODY = 64 * 1024  # bytes, as for the collector
BEAT = 15.0  # seconds after which a quiet line is tried, to learn whether somebody still listens


@click.command()
@click.argument("survey", required=False, default="")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="The port.")
@click.pass_obj
def preview(root: Path, survey: str, port: int) -> None:
    """Show surveys as they are written: the page follows every save, faults stand on it with their place.

    Nothing that is sent to the preview is kept. It listens on this machine alone.

    \b
    Examples:
      revisit preview
      revisit preview repair --port 9000
    """
    stopped, settings = until_stopped(), load(root)
    names = sorted({path.name.partition(".")[0] for path in settings.workspace.surveys.glob("*.md")})
    if survey and survey not in names:
        raise CallError(f'There is no survey "{survey}". {guess(survey, names)}')
    with previewing(Preview(settings, survey), port) as address:
        click.echo(f"The preview: {address}/\nStop with Ctrl-C.")
        stopped.wait()


@contextmanager
def previewing(shown: Preview, port: int) -> Iterator[str]:
    """Serve a preview and follow its files while the block runs; gives its address."""

    class Door(_Door):
        preview = shown

    try:
        # A thread for each connection: every open page listens for changes on one of its own.
        server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    except OSError as error:
        raise CallError(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.") from None
    server.daemon_threads = True
    stop = threading.Event()
    workers = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True),
        threading.Thread(target=shown.follow, args=(stop,), daemon=True),
    ]
    for worker in workers:
        worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        for worker in workers:
            worker.join()


class _Door(BaseHTTPRequestHandler):
    """Answers one browser of this machine."""

    preview: Preview

    def do_GET(self) -> None:
        """Give the page around the form, a form, the thanks, or the line on which changes are told."""
        address = urlsplit(self.path)
        path = [part for part in address.path.split("/") if part]
        if not self._known():
            return
        if not path:
            self._send(self.preview.page(self.preview.view(address.query)), around=True)
        elif path == ["events"]:
            self._tell(int(parse_qs(address.query).get("since", ["0"])[0]))
        elif path[0] == "form" and path[-1] == "thanks":
            self._send(self.preview.thanks(path[2] if len(path) == 5 else ""))
        else:
            self._form(path, address.query, None)

    def do_POST(self) -> None:
        """Check a form as the collector would, and keep nothing."""
        address = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        if not self._known():
            return
        if size > LARGEST_BODY:
            self.send_error(413)
            return
        pairs = parse_qsl(self.rfile.read(size).decode("utf-8", "replace"), keep_blank_values=True)
        self._form([part for part in address.path.split("/") if part], address.query, pairs)

    def _known(self) -> bool:
        """Refuse a page of the internet that had its name point to this machine."""
        if (self.headers.get("Host") or "").partition(":")[0] in ("127.0.0.1", "localhost"):
            return True
        self.send_error(400, "Open the preview by its own address")
        return False

    def _form(self, path: list[str], query: str, pairs: list[tuple[str, str]] | None) -> None:
        if len(path) != 4 or path[0] != "form":
            self.send_error(404)
            return
        try:
            drawn = self.preview.form(path[1:], query, pairs)
        except CallError as error:
            self.send_error(404, explain=str(error))
            return
        if drawn is not None:
            self._send(drawn, 200 if pairs is None else 422)
            return
        self.send_response(303)
        self.send_header("Location", "/" + "/".join([*path, "thanks"]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, status: int = 200, *, around: bool = False) -> None:
        policy = csp_of(content).replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", policy + ("; frame-src 'self'" if around else ""))
        self.end_headers()
        self.wfile.write(content)

    def _tell(self, seen: int) -> None:
        """Tell of every change until the browser leaves."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            while True:
                edition = self.preview.wait(seen, BEAT)
                self.wfile.write(b": quiet\n\n" if edition == seen else b"data: %d\n\n" % edition)
                self.wfile.flush()
                seen = edition
        except OSError:
            return  # the page was closed

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the author looks at the page, not at the terminal."""
