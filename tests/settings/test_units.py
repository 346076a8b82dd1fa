import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revisit.records.organisation import Unit
from revisit.records.problems import CallError, ContentError
from revisit.settings import UNITS_NAME, append_units, load

WEST = Unit("west", "demo/west", "region", 'West "one"\\', {"zh-Hans": "西区"}, "Europe/London")
BAY = Unit("bay-1", "demo/west/bay-1", "outlet", "Bay 1", {}, "Europe/London")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "revisit.toml").write_text('[organisation]\nid = "demo"\n', encoding="utf-8")
    return tmp_path


def test_it_reads_back_what_was_appended(root: Path) -> None:
    append_units(load(root).workspace, [WEST])
    first = (root / UNITS_NAME).read_text(encoding="utf-8")
    append_units(load(root).workspace, [BAY])
    assert load(root).organisation.units[1:] == (WEST, BAY)
    assert (root / UNITS_NAME).read_text(encoding="utf-8").startswith(first)
    assert [path.name for path in root.iterdir() if "part" in path.name] == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1))
def test_it_writes_any_name_as_toml(root: Path, name: str) -> None:
    (root / UNITS_NAME).unlink(missing_ok=True)
    append_units(load(root).workspace, [Unit("west", "demo/west", "region", name)])
    assert load(root).organisation.units[1].name == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[units]", "units.toml W001 This is not TOML"),
        ('timezone = "UTC"', "units.toml W002 Only units can stand here"),
        ('[[units]]\nid = "a"\nparent = "nowhere"', 'units.toml W002 The parent "nowhere" of unit "a" is not known'),
    ],
)
def test_it_names_the_file_that_has_the_fault(root: Path, text: str, words: str) -> None:
    (root / UNITS_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(words)):
        load(root)


def test_it_says_where_units_cannot_be_written(root: Path) -> None:
    workspace = load(root).workspace
    (root / UNITS_NAME).mkdir()
    with pytest.raises(CallError, match="cannot be written"):
        append_units(workspace, [WEST])
