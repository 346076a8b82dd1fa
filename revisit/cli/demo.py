"""``revisit demo``: the whole job once, on made-up orders, so that there is something to look at."""

import heapq
import itertools
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import click

from collector.app import create_app
from revisit.cli.progress import progress
from revisit.cli.serve import serving, tidying, until_stopped
from revisit.flows.demo import Customer, Sample
from revisit.flows.keeping.workspace import complete_workspace
from revisit.flows.office import Office
from revisit.flows.people.users import first_ticket
from revisit.flows.publishing.publish import publish
from revisit.records.organisation import Unit
from revisit.settings import clock, load, load_keys
from revisit.store import open_store
from revisit.visits.links import poster_link
from revisit.visits.sample import SEED
from revisit.visits.sample.browser import Browser, Page

# How people come and fill in: one after the other, several at a time, each taking a while (seconds).
BETWEEN = 0.25
FILLING = (4.0, 15.0)
EXPIRED = "all have expired; fresh ones: revisit demo --clear, then revisit demo"


@click.command()
@click.option("--once", is_flag=True, help="Do everything, then stop instead of serving.")
@click.option("--clear", is_flag=True, help="Remove all sample data and nothing else.")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="The port (default: that of public_url).")
@click.pass_obj
def demo(root: Path, *, once: bool, clear: bool, port: int | None) -> None:
    """Show Revisit at work: made-up orders, links, answers through the real forms, reports.

    Everything is marked as sample data. A second run keeps what is there.

    \b
    Examples:
      revisit demo
      revisit demo --once
      revisit demo --clear
    """
    complete_workspace(root)
    settings, keys, now = load(root), load_keys(root), clock()
    if port is not None:
        settings = replace(settings, public_url=f"http://127.0.0.1:{port}")
    with closing(open_store(settings.workspace)) as store:
        sample = Sample(Office(store, settings, keys, now, by="demo"), root / "build" / "demo")
        if clear:
            clear_sample(sample)
            return
        sample.check_free()
        step("Building the forms", lambda: f"{publish(settings).pages} pages in build/site")
        bring_orders(sample)
        listening = 0 if once else urlsplit(settings.public_url).port or 8000
        with serving(create_app(settings, keys, store, now), "127.0.0.1", listening) as address:
            answer_links(sample, address)
            files = write_reports(sample)
            show(sample, files, once=once)
            if once:
                click.echo(f"\nTo open them, serve them: {sys.argv[0]} serve")
            else:
                click.echo("\nServing. Stop with Ctrl-C.")
                with tidying(store, now):
                    until_stopped().wait()


def step(name: str, work: Callable[[], str]) -> None:
    """Do one step, and say what it did and how long it took; on a terminal its bar stands there meanwhile."""
    quiet = sys.stderr.isatty()
    click.echo("" if quiet else f"{name} … ", nl=False)
    began = time.monotonic()
    outcome = work()
    click.echo(f"{f'{name}: ' if quiet else ''}{outcome} ({time.monotonic() - began:.0f} s)")


def bring_orders(sample: Sample) -> None:
    """Bring in the orders of fourteen months, then what another tool knew of the earlier ones, unless it is done."""
    if sample.imported("orders"):
        click.echo(f"The sample of {sample.today} is there already; its dates stay.")
    else:
        with progress("Importing orders", len(sample.orders)) as bar:
            step("Importing the orders a dealer's system exported", lambda: _orders(sample, bar))
    if not sample.imported("responses"):
        with progress("Importing answers", len(sample.orders)) as bar:
            step("Bringing in the earlier answers of another tool", lambda: _responses(sample, bar))


def _orders(sample: Sample, bar: Callable[[int], None]) -> str:
    done = sample.import_orders(bar)
    return f"{done.added:,} orders of {len(sample.stations)} stations, {done.links} open links"


def _responses(sample: Sample, bar: Callable[[int], None]) -> str:
    done = sample.import_history(bar)
    return f"{done.responses:,} answers, and what became of {done.visits:,} others"


def answer_links(sample: Sample, address: str) -> None:
    """Let the made-up customers who have not yet answered do so, by their links and by the poster."""
    for name, customers in (("by link", sample.customers()), ("by poster", sample.passers_by())):
        if customers:
            with progress(f"Answering {name}", len(customers)) as bar:
                step(f"Answering {name}, as customers do", lambda: fill_in(address, customers, bar))  # noqa: B023  # the step is done before the loop goes on


@dataclass(order=True, slots=True)
class _Moment:
    """When somebody does their next thing: opens the form, or sends it."""

    at: float
    place: int
    customer: Customer = field(compare=False)
    browser: Browser = field(compare=False)
    page: Page | None = field(default=None, compare=False)


def fill_in(site: str, customers: Sequence[Customer], bar: Callable[[int], None]) -> str:
    """Open each customer's form, wait as long as a quick person takes to fill it in, and send it; several at a time."""
    chance = Random(SEED)  # noqa: S311  # nothing secret hangs on a pause
    began = time.monotonic()
    count = itertools.count()
    coming = [
        _Moment(place * BETWEEN, next(count), customer, Browser(site, customer.language))
        for place, customer in enumerate(customers)
    ]
    while coming:
        moment = heapq.heappop(coming)
        time.sleep(max(0.0, began + moment.at - time.monotonic()))
        if moment.page is None:
            page = moment.browser.open(moment.customer.address)
            sends_at = moment.at + chance.uniform(*FILLING)
            heapq.heappush(coming, _Moment(sends_at, next(count), moment.customer, moment.browser, page))
        else:
            moment.browser.send(moment.page, moment.customer.answers)
            bar(1)
    return f"{len(customers)} answers"


def write_reports(sample: Sample) -> list[Path]:
    """Issue the branch report of the sample's quarter for the network and for one station, in every language."""
    root = sample.office.settings.organisation.root
    units = [root] if sample.dipped == root else [root, sample.dipped]
    wanted = list(itertools.product(units, sample.office.settings.own_languages))
    lacking = [pair for pair in wanted if sample.report(*pair) is None]
    if lacking:
        with progress("Writing reports", len(lacking)) as bar:
            step(f"Writing the branch reports of {sample.quarter.word}", lambda: _reports(sample, lacking, bar))
    return [sample.put_report(*pair) for pair in wanted]


def _reports(sample: Sample, lacking: Sequence[tuple[Unit, str]], bar: Callable[[int], None]) -> str:
    for unit, language in lacking:
        sample.issue(unit, language)
        bar(1)
    return f"{len(lacking)} PDFs"


def clear_sample(sample: Sample) -> None:
    """Remove the sample from the store, and its files and PDFs from ``build/``."""
    for report in sample.office.store.reports():
        if report.sample:
            (sample.office.settings.workspace.reports / report.file_name).unlink(missing_ok=True)
    removed = sample.office.store.clear_sample()
    shutil.rmtree(sample.folder, ignore_errors=True)
    what = ", ".join(f"{count:,} {kind}" for kind, count in removed.items() if count)
    click.echo(f"Removed: {what}." if what else "There is no sample data.")


def show(sample: Sample, files: Sequence[Path], *, once: bool) -> None:
    """Say where to look. Once, without a server, no address of the desk is made that the server would make anew."""
    settings, store = sample.office.settings, sample.office.store
    ticket = None if once else first_ticket(store, settings, sample.office.clock)
    has_password = any(user.password for user in store.users())
    click.echo("\nLook here:")
    click.echo(f"  a customer's link   {sample.link_left_open() or EXPIRED}")
    click.echo(f"  the poster          {poster_link(settings, sample.poster())}")
    click.echo(f"  the desk            {ticket or f'{settings.public_url}/desk/'}")
    if has_password:
        click.echo("                      (sign in with the name and password you chose; the first is called admin)")
    elif not ticket:
        click.echo("                      (revisit serve prints the address where you choose your password)")
    if ticket:
        click.echo("                      (opens once, within 30 minutes: choose your password there)")
    for place, path in enumerate(files):
        click.echo(f"  {'' if place else 'the reports':<20}{path}")
