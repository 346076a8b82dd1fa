"""The rules of the house: sizes, names, openings, and what no tracked file may hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from revisit.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400
MOST_BODY_LINES = 40
MOST_TEST_LINES = 60  # a test may tell one story from its beginning to its end
TABLE = 8  # a literal with so many entries is a table and counts as one line
MOST_PARAMETERS = 6
# Written in two halves, so that this file does not break its own rule.
HOSTS = ("pypi." + "org", "python" + "hosted.org", "npm" + "js.", "deb.debian" + ".org", "/simp" + "le/")
LOCAL_PATH = re.compile(r"(?<![\w.~/-])/(?:home|root|work|Users)/\w")
# The customers' and staff's process; reports are made by a child of its own.
HEAVY = ("weasyprint", "polars", "scipy", "vl_convert", "altair", "statsmodels")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[Path]:
    """Give the files that are in git or about to be."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return sorted(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def python() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def body_lines(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    tables = {
        line
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Dict | ast.Tuple | ast.List) and len(list(ast.iter_child_nodes(node))) >= TABLE
        for line in range(node.lineno + 1, (node.end_lineno or 0) + 1)
    }
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 - len(tables) if body else 0


def is_command(function: Function) -> bool:
    """Say whether click calls the function: it hands over one argument for each option the command has."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def parameters(function: Function) -> int:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def test_it_keeps_files_short() -> None:
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python()}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_it_keeps_functions_short() -> None:
    long = [
        f"{shown(path)}:{function.lineno} {function.name}: {body_lines(function)} lines"
        for path in python()
        for function in functions(path)
        if body_lines(function) > (MOST_TEST_LINES if path.is_relative_to(ROOT / "tests") else MOST_BODY_LINES)
    ]
    assert long == []


def test_it_keeps_parameters_few() -> None:
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in python()}
    many = [
        f"{shown(path)}:{function.lineno} {function.name}: {parameters(function)} parameters"
        for path in python()
        if not path.is_relative_to(ROOT / "tests")
        for function in functions(path)
        if parameters(function) > MOST_PARAMETERS
        and not is_command(function)
        and "PLR0913" not in lines[path][function.lineno - 1]
    ]
    assert many == []


def test_it_opens_every_module_with_what_it_holds() -> None:
    bare = []
    for path in python():
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if not words.strip() or not words.splitlines()[0].rstrip().endswith((".", ":", "?")):
            bare.append(shown(path))
    assert [name for name in bare if not name.startswith("tests/")] == []


def test_it_collects_every_test() -> None:
    """A test under another name never runs, and of two with one name the first never does."""
    wrong = []
    for path in python():
        if not path.is_relative_to(ROOT / "tests"):
            continue
        names = [function.name for function in functions(path)]
        tests = [name for name in names if name.lower().startswith("test")]
        wrong += [f"{shown(path)}: {name} is not called test_…" for name in tests if not name.startswith("test_")]
        wrong += [f"{shown(path)}: {name} stands twice" for name in set(tests) if tests.count(name) > 1]
        if tests and not path.name.startswith("test_"):
            wrong.append(f"{shown(path)}: holds tests but is not called test_….py")
    assert wrong == []


def test_it_uses_every_helper_of_the_tests() -> None:
    words: dict[str, int] = {}
    files = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")]
    for path in files:
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8")):
            words[word] = words.get(word, 0) + 1
    unused = [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in files
        for function in functions(path)
        if not function.name.startswith(("test_", "__", "pytest_", "do_", "handle_"))
        and words[function.name] == 1
        and "autouse" not in "".join(ast.unparse(decorator) for decorator in function.decorator_list)
    ]
    assert unused == []


def test_it_names_no_registry_and_no_path_of_a_machine() -> None:
    wrong = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        wrong += [f"{shown(path)}: {host}" for host in HOSTS if host in text]
        wrong += [f"{shown(path)}: {found.group()}" for found in LOCAL_PATH.finditer(text)]
    assert wrong == []


def test_it_leaves_nothing_for_later() -> None:
    later = re.compile(
        r"\b(?:TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\b|raise Not" + "Implemented|except Exc" + r"eption|exc" + "ept:"
    )
    wrong = [
        f"{shown(path)}:{number} {line.strip()}"
        for path in python()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line) and "BLE001" not in line
    ]
    assert wrong == []


def test_it_gives_a_reason_for_every_exemption() -> None:
    exempt = re.compile(
        r"#\s*(?:noqa|type:\s*ignore):?\s*(?P<codes>[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])?(?P<reason>.*)$"
    )
    # These say it all: an assertion that cannot fail, what types cannot know; in tests, chance and flags.
    plain = re.compile(r"S101|\[[\w, -]+\]")
    plain_in_tests = re.compile(r"S101|S311|FBT001|PLC0415|\[[\w, -]+\]")
    wrong = []
    for path in python():
        clear = plain_in_tests if path.is_relative_to(ROOT / "tests") else plain
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = exempt.search(line)
            if found and not re.search(r"\w{2}", found["reason"]) and not clear.search(found["codes"] or ""):
                wrong.append(f"{shown(path)}:{number} {line.strip()[-60:]}")
    assert wrong == []


def test_it_opens_the_collector_without_the_heavy_libraries() -> None:
    program = "import collector.app, revisit.cli.serve, sys; print(*sorted(set(sys.argv[1:]) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program, *HEAVY], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.returncode, ran.stderr) == ("", 0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_it_explains_every_command(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(), f"revisit {name} has no help"
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"revisit {name} {option.opts[0]} has no help"
    if isinstance(command, click.Group):
        for inner_name, inner in command.commands.items():
            assert inner.get_short_help_str(), f"revisit {name} {inner_name} has no help"
            for option in inner.params:
                if isinstance(option, click.Option):
                    assert option.help, f"revisit {name} {inner_name} {option.opts[0]} has no help"
