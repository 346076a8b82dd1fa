"""``revisit serve``: the collector and the desk, until it is stopped."""

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from waitress.server import create_server
from waitress.wasyncore import dispatcher

from collector.app import LARGEST_BODY, create_app
from collector.channel import Channel
from revisit.flows.keeping.tidy import tidy
from revisit.flows.people.users import first_ticket
from revisit.records.problems import CallError
from revisit.settings import Clock, Settings, clock, load, load_keys
from revisit.store import open_store, store_url
from revisit.store.folder.health import network_file_system
from revisit.store.protocol import Store, StoreError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 32
LARGEST_READ = 16 * LARGEST_BODY  # beyond, a body is cut off and the page that says so may not be seen
CONNECTIONS = 1000  # with waitress's own 100, that many slow clients would shut everybody else out
OBJECTS_BETWEEN_LOOKS = 20_000  # Python's own 700 costs a tenth of all time under load
ROUND = 30.0  # seconds between two rounds of tidying
log = logging.getLogger(__name__)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="The port (default: that of public_url).")
@click.option("--store", default="", metavar="URL", help="A PostgreSQL database in place of the folder.")
@click.option("--network-folder", is_flag=True, help="Serve from a network file system, which may lose answers.")
@click.pass_obj
def serve(root: Path, /, host: str, port: int | None, store: str, *, network_folder: bool) -> None:
    """Serve forms, links and the desk.

    \b
    Examples:
      revisit serve --port 8000
      revisit serve --store postgresql://revisit@db.example.com/revisit
    """
    if store:
        os.environ["REVISIT_STORE"] = store  # for the children that draw reports as well
    stopped = until_stopped()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings, keys, now = load(root), load_keys(root), clock()
    network = "" if store_url() else network_file_system(settings.workspace.data)
    if network and not network_folder:
        raise CallError(
            f'"{settings.workspace.data}" lies on a network file system ({network}), where an acknowledged answer can '
            "get lost. Use a disk of this machine or --store URL; --network-folder takes the risk."
        )
    if not settings.workspace.site.is_dir():
        raise CallError("There are no forms yet. Make them with: revisit build")
    with closing(open_store(settings.workspace)) as opened:
        app = create_app(settings, keys, opened, now)
        with serving(app, host, _port(settings) if port is None else port) as address:
            welcome(reached(settings, address), opened, now, address)
            with tidying(opened, now):
                stopped.wait()


@contextmanager
def serving(app: "WSGIApplication", host: str, port: int) -> Iterator[str]:
    """Serve an application in threads of this process; gives its local address."""
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            max_request_body_size=LARGEST_READ,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,  # select ends the server at the 1,024th open file
            ident=None,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise CallError(f"Port {port} on {host} cannot be used: {reason}. Choose another with --port.") from None
    server.channel_class = Channel
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each request that waits for a thread
    _collect_seldom()
    thread = threading.Thread(target=server.run, name="revisit-server", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        _end(server, thread)


def _end(server: Any, thread: threading.Thread) -> None:
    """End a server: nobody new, then who is being answered is answered to the end, then everything is closed.

    What the server's own thread looks at is closed by that thread alone. Closed under its eyes, a socket ends it with a
    fault; and somebody whose work takes longer would wake it by writing into a file that has got the same number since.
    """
    server.trigger.pull_trigger(partial(dispatcher.close, server))
    server.task_dispatcher.shutdown()

    def close() -> None:
        server.trigger.del_channel()
        for channel in list(server.active_channels.values()):
            channel.handle_close()

    server.trigger.pull_trigger(close)
    thread.join()  # it ends when nothing is left to look at
    server.pull_trigger = _wake_nobody
    server.trigger.close()


def _wake_nobody() -> None:
    """Do what a closed server does when it is woken."""


def _collect_seldom() -> None:
    """Have Python look for cycles seldom: requests leave few, and each look reads every record that is in memory."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, 20, 50)


def reached(settings: Settings, address: str) -> Settings:
    """Give the settings with the address that is listened on, where public_url is this machine's with another port."""
    public = urlsplit(settings.public_url)
    here = public.hostname in {"127.0.0.1", "localhost"} and public.port != urlsplit(address).port
    return replace(settings, public_url=address) if here else settings


def welcome(settings: Settings, store: Store, now: Clock, address: str) -> None:
    """Say where to look, and print the one-time address of the first administrator while there is no user."""
    click.echo(f"Revisit listens on {address}; customers and staff reach it as {settings.public_url}")
    click.echo(f"The desk: {settings.public_url}/desk/")
    try:
        ticket = first_ticket(store, settings, now)
    except StoreError as error:  # customers can answer all the same
        click.echo(f"The desk cannot be used: {error}", err=True)
        ticket = None
    if ticket:
        click.echo(f"Nobody can sign in yet. Make the first administrator here, within 30 minutes: {ticket}")
    click.echo("Stop with Ctrl-C.")
    sys.stdout.flush()


@contextmanager
def tidying(store: Store, now: Clock) -> Iterator[None]:
    """Tidy the store every half minute while the block runs."""
    stop = threading.Event()

    def once() -> None:
        try:
            filed = tidy(store, now())
        except StoreError as error:
            log.warning("%s", error)
        else:
            if filed:
                log.info("%d answers that had been set aside were filed.", filed)

    def rounds() -> None:
        while not stop.is_set():
            # A thread for each round: what nobody foresaw ends this one, with its trace in the log, and not the next.
            one = threading.Thread(target=once, name="revisit-tidy")
            one.start()
            one.join()
            stop.wait(ROUND)

    thread = threading.Thread(target=rounds, name="revisit-rounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _port(settings: Settings) -> int:
    return urlsplit(settings.public_url).port or 8000


def until_stopped() -> threading.Event:
    """Give what Ctrl-C and SIGTERM set; from the first moment on, so that a server that just starts ends well, too."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopped
