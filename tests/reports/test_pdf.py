import socket
import threading
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest

from revisit.reports.errors import MissingGlyphs, ReportError
from revisit.reports.pdf import Attached, write_pdf
from tests.reports.conftest import AT

PAGE = '<html lang="en"><head><title>One</title></head><body>{}</body></html>'


def test_it_gives_the_same_bytes_each_time() -> None:
    attached = [Attached("figures.json", "Figures", b"{}")]
    first, second = (write_pdf(PAGE.format("<h1>78</h1>"), moment=AT, attached=attached) for _ in range(2))
    assert first == second


def test_it_gives_other_pages_another_identifier(tmp_path: Path) -> None:
    identifiers = set()
    for number in (1, 2):
        path = tmp_path / "one.pdf"
        path.write_bytes(write_pdf(PAGE.format(number), moment=AT))
        with pikepdf.open(path) as pdf:
            identifiers.add(bytes(pdf.trailer.ID[0]))
    assert len(identifiers) == 2


def test_it_names_a_character_that_no_font_has() -> None:
    with pytest.raises(MissingGlyphs, match=r"U\+10FFFD") as caught:
        write_pdf(PAGE.format("<p>good \U0010fffd bad</p>"), moment=AT)
    assert caught.value.characters == ("\U0010fffd",)


def test_it_fails_on_anything_that_would_come_out_otherwise() -> None:
    with pytest.raises(ReportError, match="no-such-property"):
        write_pdf(PAGE.format('<p style="no-such-property: 1">x</p>'), moment=AT)


def test_it_fails_on_a_picture_without_words() -> None:
    svg = "data:image/svg+xml," + quote('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    write_pdf(PAGE.format(f'<img src="{svg}" alt="nothing">'), moment=AT)
    with pytest.raises(ReportError, match="alt"):
        write_pdf(PAGE.format(f'<img src="{svg}">'), moment=AT)


FORMS = {
    "img": '<img alt="x" src="{}">',
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "import": '<style>@import url("{}");</style>',
    "background": '<p style="background-image: url({})">x</p>',
    "font": '<style>@font-face {{ font-family: x; src: url("{}"); }} p {{ font-family: x }}</style><p>x</p>',
    "attachment": '<link rel="attachment" href="{}"><a rel="attachment" href="{}">x</a>',
    "svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title><image href="{}" '
    'width="9" height="9"/></svg>',
    "object": '<object type="image/svg+xml" data="{}"></object>',
}


@pytest.mark.parametrize("form", FORMS)
def test_it_reads_no_file_and_connects_to_nobody(form: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("TOP-SECRET-7731 { }")
    connected = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.4)

        def listen() -> None:
            try:
                server.accept()[0].close()
            except TimeoutError:
                return
            connected.set()

        listening = threading.Thread(target=listen)
        listening.start()
        for address in (
            secret.as_uri(),
            "file:///etc/passwd",
            f"http://127.0.0.1:{server.getsockname()[1]}/x",
            f"file://{tmp_path}/templates/../secret.css",
        ):
            with pytest.raises(ReportError) as caught:
                write_pdf(
                    PAGE.format(FORMS[form].format(address, address)), moment=AT, folders=[tmp_path / "templates"]
                )
            assert "TOP-SECRET" not in str(caught.value)
        listening.join()
    assert not connected.is_set()


def test_it_reads_a_file_of_the_templates_folder_and_no_link_out_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "own.css").write_text("p { color: #123456 }")
    page = PAGE.format('<link rel="stylesheet" href="own.css"><p>x</p>')
    assert write_pdf(page, moment=AT, folders=[folder]).startswith(b"%PDF")
    (tmp_path / "outside.css").write_text("p { color: red }")
    (folder / "own.css").unlink()
    (folder / "own.css").symlink_to(tmp_path / "outside.css")
    with pytest.raises(ReportError, match="templates folder"):
        write_pdf(page, moment=AT, folders=[folder])
