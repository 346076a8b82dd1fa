"""Faults put into a copy of the program, one at a time: each must turn a test red.

script/test --mutants             all of them
script/test --mutants fsync lock  those whose name holds one of the words

For each: what was changed, and the first test that noticed. Exits 1 when a fault went unnoticed.
"""

# ruff: noqa: E501  a fault stands as the very words that it changes

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1800  # seconds for the tests of one fault, on a machine with much else to do


@dataclass(frozen=True)
class Mutant:
    """One fault: in a file, words become other words; ``tests`` is where it should be noticed."""

    name: str
    path: str
    old: str
    new: str
    tests: str


STORE = "revisit/store/folder"
POSTGRES = "revisit/store/postgres"
SYNCED = "            os.fsync(handle)\n        finally:\n            os.close(handle)\n        aside.replace(path)\n"

MUTANTS = (
    Mutant("the fsync of a file is left out", f"{STORE}/files.py", SYNCED,
           SYNCED.replace("os.fsync(handle)", "pass"), "tests/store/test_power.py"),
    Mutant("the fsync of a folder is left out", f"{STORE}/files.py", SYNCED + "        sync_folder(path.parent)\n",
           SYNCED, "tests/store/test_power.py"),
    Mutant("a name is given before the bytes are safe (replace, then fsync)", f"{STORE}/files.py", SYNCED,
           "            aside.replace(path)\n            os.fsync(handle)\n        finally:\n            os.close(handle)\n",
           "tests/store/test_power.py"),
    Mutant("an answer is acknowledged before it is on disk", f"{STORE}/writer.py",
           "            self._flush(path, storage)\n        except RevisitError",
           "            for job, outcome in done:\n                job.outcome.set_result(outcome)\n            done = []\n"
           "            self._flush(path, storage)\n        except RevisitError", "tests/store/test_power.py"),
    Mutant("files are changed in place, as TinyDB's JSONStorage does", f"{STORE}/files.py",
           "write_whole(self._path, seal(self._path, self._tables))",
           "self._path.write_bytes(seal(self._path, self._tables))",
           "tests/store/test_power.py tests/store/test_folder.py"),
    Mutant("the lock between processes is left out", f"{STORE}/writer.py",
           "with self.lock.acquire(timeout=LONGEST_WAIT):", "if True:", "tests/store/test_folder.py"),
    Mutant("a second answer replaces the first", f"{STORE}/answers.py", "    if present is not None:\n",
           "    if False:\n", "tests/store/test_store.py"),
    Mutant("any answer counts as a repeat", f"{STORE}/answers.py",
           'if present["body_hash"] == response.body_hash:', "if True:", "tests/store/test_store.py"),
    Mutant("a closed link takes answers", f"{STORE}/answers.py", 'if invitation.get("voided_at"):', "if False:",
           "tests/store/test_store.py"),
    Mutant("a damaged file is read as an empty one", f"{STORE}/files.py",
           "        tables = orjson.loads(content)\n    except orjson.JSONDecodeError as error:\n",
           "        tables = orjson.loads(content)\n    except orjson.JSONDecodeError as error:\n        return {}\n",
           "tests/store/test_folder.py"),
    Mutant("a checksum that does not fit is overlooked", f"{STORE}/files.py", "if not _fits(content):", "if False:",
           "tests/store/test_copies.py"),
    Mutant("a lost file is taken for a new one", f"{STORE}/writer.py",
           "if copies_of(self.folder, path).is_dir():", "if False:", "tests/store/test_copies.py"),
    Mutant("a full disk is no StoreFull", f"{STORE}/files.py", "if error.errno in NO_SPACE:", "if False:",
           "tests/store/test_folder.py"),
    Mutant("a new folder is not made safe", f"{STORE}/files.py",
           "    folder.mkdir(mode=0o700, exist_ok=True)\n    sync_folder(folder.parent)\n",
           "    folder.mkdir(mode=0o700, exist_ok=True)\n", "tests/store/test_power.py"),
    Mutant("a line of the audit trail is not made safe", f"{STORE}/files.py",
           '_add_line(handle, line.rstrip(b"\\n") + b"\\n")\n            os.fsync(handle)',
           '_add_line(handle, line.rstrip(b"\\n") + b"\\n")', "tests/store/test_power.py"),
    Mutant("half a line stays in the audit trail", f"{STORE}/files.py", "    os.ftruncate(handle, end)\n    try:\n",
           "    end = os.fstat(handle).st_size\n    try:\n", "tests/store/test_lines.py"),
    Mutant("a backup forgets imported units", "revisit/flows/keeping/backup.py", "for name in (FILE_NAME, UNITS_NAME)]",
           "for name in (FILE_NAME,)]", "tests/flows/keeping/test_backup.py"),
    Mutant("a backup is used before it was read to its end", "revisit/flows/keeping/backup.py", "        _read_through(path)\n", "",
           "tests/flows/keeping/test_backup.py"),
    Mutant("all machines hand letters over at once", f"{POSTGRES}/turns.py",
           "                connection.execute(select(func.pg_advisory_xact_lock(LOCKS[turn])))\n", "",
           "tests/store/test_alone.py"),
    Mutant("a letter is claimed by everybody", f"{STORE}/letters.py", 'row["state"] != "queued"', 'row["state"] == "no"',
           "tests/flows/visiting/test_send.py tests/store"),
    Mutant("a form is stored unchecked", "revisit/flows/answering/answer.py", "if not outcome.form.check():",
           "if not (outcome.form.check() or True):", "tests/faults/test_malformed.py"),
    Mutant("the doctor overlooks a wrong clock", "revisit/flows/keeping/health.py", "if abs(apart) > APART:", "if False:",
           "tests/flows/keeping/test_cures.py"),
    Mutant("a backup is taken without holding the writer", f"{STORE}/contents.py", "with self.bulk, self.shelf.lock:",
           "if True:", "tests/store/test_contents.py"),
    Mutant("PostgreSQL: a second answer replaces the first", f"{POSTGRES}/answers.py",
           ".on_conflict_do_nothing()\n        if connection.scalar(new",
           '.on_conflict_do_update(index_elements=["month", "id"], set_={"body_hash": response.body_hash})\n'
           "        if connection.scalar(new", "tests/store/test_store.py"),
    Mutant("PostgreSQL: an answer that goes in with others needs no open link", f"{POSTGRES}/gathering.py",
           " AND voided_at IS NULL", "", "tests/store/test_gathering.py"),
    Mutant("PostgreSQL: a link is found under a partition that is not its own", f"{POSTGRES}/links.py",
           "found = {(row[0], row[1]): row[2] for row in rows}",
           "found = {one.job: row[2] for row in rows for one in waiting if one.job[0] == row[0]}",
           "tests/store/test_gathering.py"),
    Mutant("PostgreSQL: a month's tags go while some are being written", f"{POSTGRES}/gathering.py",
           "if self._group.running or not self._left.empty():", "if not self._left.empty():",
           "tests/store/test_gathering.py"),
    Mutant("PostgreSQL: answers that go in together are acknowledged before they are there", f"{POSTGRES}/gathering.py",
           "                stored = _insert(connection, sorted(first.values(), key=lambda came: came.response.id))\n",
           "                self._answer([one for one in waiting if isinstance(one.job, Came)], first, set(first))\n"
           "                stored = _insert(connection, sorted(first.values(), key=lambda came: came.response.id))\n",
           "tests/store/test_gathering.py"),
    Mutant("a month's secret outlives its tags", f"{STORE}/tags.py", 'for ending in ("jsonl", "key"):',
           'for ending in ("jsonl",):', "tests/store/test_tags.py"),
    Mutant("the server's sockets are closed under its eyes", "revisit/cli/serve.py", "        _end(server, thread)\n",
           "        server.close()\n        server.task_dispatcher.shutdown()\n", "tests/cli/test_serve.py"),
    Mutant("the server ends at the 1,024th open file", "revisit/cli/serve.py", "asyncore_use_poll=True",
           "asyncore_use_poll=False", "tests/cli/test_serve.py"),
    Mutant("PostgreSQL: records outside of what was asked for are counted", f"{POSTGRES}/counts.py",
           "asked.where(*within(scope, table.c[unit], table.c[day]))", "asked", "tests/store/test_counts.py"),
    Mutant("tags are left in memory when the process ends", f"{STORE}/__init__.py",
           "        self.write_tags()\n        self.shelf.close()\n", "        self.shelf.close()\n", "tests/store/test_tags.py"),
    Mutant("PostgreSQL: void does not wait for an answer", f"{POSTGRES}/answers.py",
           "select(invitations.c.record).where(mine).with_for_update())", "select(invitations.c.record).where(mine))",
           "tests/store/test_postgres.py tests/store/test_store.py"),
    Mutant("PostgreSQL: synchronous_commit may be off", f"{POSTGRES}/health.py", '== "off":\n        return (',
           '== "never":\n        return (', "tests/store/test_postgres.py"),
    Mutant("PostgreSQL: an order is filed twice", f"{POSTGRES}/orders.py",
           "insert(orders).on_conflict_do_nothing()", "insert(orders)", "tests/store/test_store.py"),
    Mutant("PostgreSQL: what the server asks to repeat is not repeated", f"{POSTGRES}/base.py",
           'REPEAT = {"40001", "40P01"}', "REPEAT: set[str] = set()", "tests/store/test_postgres.py"),
    Mutant("PostgreSQL: the password is shown", f"{POSTGRES}/__init__.py", "hide_password=True",
           "hide_password=False", "tests/store/test_postgres.py"),
    Mutant("a body of any size is read", "collector/app.py", "        MAX_CONTENT_LENGTH=LARGEST_BODY,\n", "",
           "tests/collector/test_visitor.py"),
    Mutant("any Host is believed", "collector/app.py",
           'TRUSTED_HOSTS=[host, host.rpartition(":")[0] or host, *LOOPBACK]', "TRUSTED_HOSTS=None",
           "tests/collector/test_visitor.py"),
    Mutant("answers are lost from the page when the store is busy", "collector/app.py",
           "    outcome = visitor.post_again()\n    return kind_page(kind) if outcome",
           "    outcome = None\n    return kind_page(kind) if outcome", "tests/faults/test_postgres.py"),
    Mutant("raw HTML is let through", "revisit/forms/prose.py", "    problems = [problem for line in lines for problem "
           "in find_html(line.text, place.at(line.number, 1))]\n", "    problems: list[Problem] = []\n", "tests/forms"),
    Mutant("quotes are not escaped", "revisit/forms/press.py", 'Markup(str(escape(text)).replace("\\n", "&#10;"))',
           'Markup(str(escape(text)).replace("\\n", "&#10;").replace("&#34;", \'"\'))', "tests/forms tests/collector"),
    Mutant("the PDF may fetch anything", "revisit/reports/pdf.py", "base_url=base_url, url_fetcher=fetcher)",
           "base_url=base_url)", "tests/reports/test_pdf.py"),
)  # fmt: skip


def copy_to(folder: Path) -> None:
    """Copy what git knows, or is about to know."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    environ = {**os.environ, "PYTHONPATH": str(folder)}
    program = "from revisit.texts import compile_catalogues; compile_catalogues()"
    subprocess.run([sys.executable, "-c", program], cwd=folder, env=environ, check=True)


def first_red(folder: Path, tests: list[str]) -> str:
    """Run tests in the copy; gives the first that is red, empty when all are green."""
    environ = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-m", "not full", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return "the clock: the tests did not end"
    red = [line for line in done.stdout.splitlines() if line.startswith(("FAILED tests/", "ERROR tests/"))]
    if done.returncode not in {0, 1} or (done.returncode == 1 and not red):
        raise SystemExit(f"mutants: the tests could not run: {tests}\n{done.stdout[-2000:]}{done.stderr[-500:]}")
    return red[0].split(" - ")[0].removeprefix("FAILED ").removeprefix("ERROR ") if red else ""


def noticed_by(folder: Path, mutant: Mutant) -> str:
    """Put a fault into the copy, run its tests, take it out; gives the test that turned red, empty when none did."""
    path = folder / mutant.path
    whole = path.read_text(encoding="utf-8")
    if whole.count(mutant.old) != 1:
        raise SystemExit(f"mutants: {mutant.path} no longer holds, once: {mutant.old!r}")
    path.write_text(whole.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return first_red(folder, mutant.tests.split())
    finally:
        path.write_text(whole, encoding="utf-8")


def main(words: list[str]) -> int:
    """Try every fault; gives how many went unnoticed."""
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    survived = 0
    with tempfile.TemporaryDirectory(prefix="revisit-mutants-") as name:
        copy_to(Path(name))
        for tests in sorted({mutant.tests for mutant in chosen}):
            red = first_red(Path(name), tests.split())
            if red:  # it would notice everything
                raise SystemExit(f"mutants: {red} is red without any fault. Mend that first.")
        for mutant in chosen:
            red = noticed_by(Path(name), mutant)
            survived += not red
            print(f"{'noticed ' if red else 'SURVIVED'}  {mutant.name}\n          {red or mutant.tests}", flush=True)
    print(f"mutants: {len(chosen) - survived} of {len(chosen)} faults were noticed.")
    return survived


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
