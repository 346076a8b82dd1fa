"""Runs commands as somebody who may not override permissions, root or not: python -m tests.cli.deprived JOBS.

JOBS is JSON: a list of [folder, words]. Gives JSON: for each its exit code, what it said, and what broke it.
"""

import json
import sys

from click.testing import CliRunner

from revisit.cli import main


def run(folder: str, words: list[str]) -> tuple[int, str, str]:
    """Run one command in this process."""
    done = CliRunner().invoke(main, ["-C", folder, *words])
    broke = "" if done.exception is None or isinstance(done.exception, SystemExit) else repr(done.exception)
    return done.exit_code, done.output, broke


if __name__ == "__main__":
    json.dump([run(folder, words) for folder, words in json.loads(sys.argv[1])], sys.stdout)
