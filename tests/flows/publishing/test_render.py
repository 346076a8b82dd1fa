"""A survey on paper: a PDF from a child, the same bytes each time; and the command that writes sheets."""

from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.keeping.workspace import Plan, make_workspace, station


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "house", Plan("Example Motors", "UTC", (station("lakeside=Lakeside Station"),)))
    return tmp_path / "house"


def render(workspace: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["-C", str(workspace), "render", *words])
    return done.exit_code, done.output


def test_it_prints_a_questionnaire_with_a_qr_code(workspace: Path) -> None:
    address = "https://survey.example.com/q/7k2m"
    code, said = render(workspace, "repair", "--as", "paper", "--lang", "zh-Hant", "--address", address)
    assert code == 0, said
    path = Path(said.strip())
    assert path == workspace / "build" / "sheets" / "repair.zh-Hant.paper.pdf"
    first = path.read_bytes()
    document = pypdfium2.PdfDocument(first)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "故障" in text
    assert len(document) <= 3
    document.close()
    assert render(workspace, "repair", "--as", "paper", "--lang", "zh-Hant", "--address", address)[0] == 0
    assert path.read_bytes() == first


def test_it_writes_where_it_is_told(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "script.html"
    code, said = render(workspace, "--as", "phone", "--lang", "en", "--fact", "payer=customer", "-o", str(path))
    assert (code, said.strip()) == (0, str(path))
    assert "price for the work" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("repiar", "--as", "phone"), 'There is no survey "repiar"'),
        (("repair", "--as", "phone", "--lang", "fr"), '"repair" is not written in "fr"'),
        (("repair", "--as", "phone", "--fact", "payer=nobody"), "Known are: payer=customer|warranty"),
    ],
)
def test_it_says_what_it_does_not_know(workspace: Path, words: tuple[str, ...], wanted: str) -> None:
    code, said = render(workspace, *words)
    assert code == 2
    assert wanted in said
