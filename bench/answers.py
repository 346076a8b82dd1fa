"""How many answers a second the live server takes, and how many a bare one with the same form and the same commit.

    python bench/answers.py                          the folder at 1,000, 3,000, 10,000 and 100,000 stored answers
    python bench/answers.py --store postgres         a PostgreSQL server of its own, with fsync on
    python bench/answers.py --answers 1000 --bare    the ceiling: same server, same page, same commit, WTForms alone
    python bench/answers.py --rounds 3               in turns, the medians of three

One submission is GET of the form, POST, and the acknowledgement (303), by 32 clients in two processes of their own.
"""

import argparse
import contextlib
import http.client
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import parse_qsl, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("PYTHONPATH", str(Path(__file__).resolve().parent.parent))

from bench.shop import FACTS, make
from revisit.forms.form import Posted, answer_form
from revisit.forms.versions import latest
from revisit.settings import load
from tests.store.postgres import running

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([0-9a-f]+)"')
RADIO = re.compile(r'<input[^>]*type="radio"[^>]*>')
CLIENTS = 32
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave: submissions a second, seconds of a POST (p50, p95, p99), CPU and memory of the server."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    memory: float
    faults: int

    def line(self) -> str:
        times = f"{self.p50 * 1000:6.0f} {self.p95 * 1000:6.0f} {self.p99 * 1000:6.0f}"
        return f"{self.rate:7.0f}   {times}   {self.cpu * 1000:7.2f}   {self.memory:7.0f}   {self.faults:6.0f}"


def form_of(page: str) -> str:
    """Fill a drawn form as a customer would: the first answer of every question."""
    fields = dict(HIDDEN.findall(page))
    for tag in RADIO.findall(page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]+)"', tag)
        if name and value:
            fields.setdefault(name[1], value[1])
    return urlencode({**fields, "comment": "It took a day longer than said, but they told me why."})


def crowd(port: int, path: str, codes: list[str], body: str, seconds: float) -> tuple[list[float], int, float]:
    """Be half of the clients; gives the seconds of each POST, how many failed, and how long it all took."""
    work, lock = iter(codes), threading.Lock()
    times: list[float] = []
    faults: list[int] = []
    end = time.monotonic() + seconds

    def run() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            with lock:
                code = next(work, None)
            if code is None:
                return
            connection.request("GET", f"{path}?t={code}")
            connection.getresponse().read()
            started = time.monotonic()
            connection.request("POST", f"{path}?t={code}", body, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - started)
            if answer.status != 303:
                faults.append(answer.status)

    started = time.monotonic()
    threads = [threading.Thread(target=run) for _ in range(CLIENTS // 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(faults), time.monotonic() - started


def cpu_of(pid: int) -> float:
    """Give the CPU seconds of a process and its threads."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


def memory_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextlib.contextmanager
def served(root: Path, store_url: str, *, bare: bool) -> Iterator[tuple[int, int]]:
    """Run the server; gives its port and process id."""
    port = free_port()
    if bare:
        command = [sys.executable, str(Path(__file__).with_name("bare.py")), str(root), str(port), store_url]
    else:
        command = [sys.executable, "-c", "from revisit.cli import main; main()", "-C", str(root), "serve"]
        command += ["--port", str(port)] + (["--store", store_url] if store_url else [])
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def measure(root: Path, codes: list[str], store_url: str, seconds: float, *, bare: bool) -> tuple[Outcome, float]:
    with served(root, store_url, bare=bare) as (port, pid):
        path, page = opened(port, codes[0])
        body = form_of(page)
        half = len(codes) // 2
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.starmap(crowd, [(port, path, codes[:32], body, 9.0), (port, path, codes[half : half + 32], body, 9.0)])
            before = cpu_of(pid)
            parts = [codes[32:half], codes[half + 32 :]]
            done = pool.starmap(crowd, [(port, path, part, body, seconds) for part in parts])
        used = cpu_of(pid) - before
        times = sorted(one for times, _, _ in done for one in times)
        cuts = quantiles(times, n=100)
        rate = sum(len(times) / took for times, _, took in done)
        faults = sum(count for _, count, _ in done)
        made = Outcome(rate, cuts[49], cuts[94], cuts[98], used / len(times), memory_of(pid), faults)
        return made, share_of_wtforms(root, body)


def opened(port: int, code: str) -> tuple[str, str]:
    """Open a link as a browser does; gives the form's path and the page."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", f"/v/{code}")
        answer = connection.getresponse()
        answer.read()
        path = (answer.getheader("Location") or "").partition("?")[0]
        connection.request("GET", path)
        return path, connection.getresponse().read().decode()


@contextlib.contextmanager
def databases(kind: str) -> Iterator[str]:
    """Give the URL of a fresh database, or nothing for the folder."""
    if kind == "folder":
        yield ""
        return
    with running(fsync="on", shared_buffers="256MB", max_wal_size="2GB") as server:
        yield server.new_database()


def share_of_wtforms(root: Path, body: str, times: int = 500) -> float:
    """Give the CPU seconds that making, filling and checking the form takes: WTForms' part of a submission."""
    survey = latest(load(root).workspace.versions, "repair", "en")
    assert survey is not None
    sent = parse_qsl(body, keep_blank_values=True)
    started = time.process_time()
    for _ in range(times):
        answer_form(survey, FACTS, Posted(sent)).form.validate()
    return (time.process_time() - started) / times


def run(kind: str, stored: int, seconds: float, *, bare: bool) -> tuple[Outcome, float]:
    """Measure one server on a workspace of its own; gives what came out, and WTForms' part."""
    with tempfile.TemporaryDirectory(prefix="revisit-bench-") as name, databases(kind) as url:
        root = Path(name)
        codes = make(root, url, stored, int(seconds * 600))
        return measure(root, codes, url, seconds, bare=bare)


def summed(outcomes: list[Outcome]) -> Outcome:
    """Give the median of each figure over the rounds."""
    return Outcome(*(median(getattr(one, field.name) for one in outcomes) for field in fields(Outcome)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", choices=["folder", "postgres"], default="folder")
    parser.add_argument("--answers", default="1000,3000,10000,100000")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--bare", action="store_true", help="the ceiling alone")
    parser.add_argument("--product", action="store_true", help="the product alone")
    parser.add_argument("--rounds", type=int, default=1, help="of each server, in turns; the medians are printed")
    wanted = parser.parse_args()
    servers = [bare for bare in (False, True) if not (wanted.product if bare else wanted.bare)]
    print("server    answers stored   subm./s   p50 ms p95 ms p99 ms   CPU ms/s.   RSS MiB   faults")
    for stored in map(int, wanted.answers.split(",")):
        outcomes: dict[bool, list[Outcome]] = {bare: [] for bare in servers}
        for _ in range(wanted.rounds):
            for bare in servers:
                outcome, form = run(wanted.store, stored, wanted.seconds, bare=bare)
                outcomes[bare].append(outcome)
        for bare in servers:
            print(f"{'bare' if bare else 'revisit':8}  {stored:14,}   {summed(outcomes[bare]).line()}", flush=True)
        print(f"          WTForms takes {form * 1000:.2f} ms of each", flush=True)


if __name__ == "__main__":
    main()
