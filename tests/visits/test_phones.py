import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.visits.cells import CellFault
from revisit.visits.phones import masked, read_email, read_phone


@pytest.mark.parametrize(
    "text",
    [
        "13000000012",
        "130 0000 0012",
        "130-0000-0012",
        "+86 130 0000 0012",
        "+8613000000012",
        "0086 130 0000 0012",
        "１３０００００００１２",
        " 13000000012 ",
        "13000000012/13000000013",
        "13000000012、13000000013",
    ],
)
def test_it_brings_every_form_into_one(text: str) -> None:
    assert read_phone(text, "CN") == "+8613000000012"


def test_it_reads_numbers_of_other_countries() -> None:
    assert read_phone("0912 345 678", "TW") == "+886912345678"
    assert read_phone("+886 912 345 678", "CN") == "+886912345678"


@pytest.mark.parametrize("text", ["1.38E+10", "1.3800000012E10", "1E+10"])
def test_it_names_the_spreadsheet_that_cut_a_number_short(text: str) -> None:
    with pytest.raises(CellFault, match="cut short"):
        read_phone(text, "CN")


@pytest.mark.parametrize("text", ["", " ", "-", "无", "無", "/", "N/A"])
def test_it_takes_a_dash_for_no_number(text: str) -> None:
    assert read_phone(text, "CN") == ""


@pytest.mark.parametrize("text", ["1300000001", "张三", "130000000123", "123"])
def test_it_refuses_what_is_no_number_and_does_not_repeat_it(text: str) -> None:
    with pytest.raises(CellFault, match="no phone number") as fault:
        read_phone(text, "CN")
    assert text not in str(fault.value)


@given(st.text(max_size=40))
def test_it_gives_a_number_or_a_reason_for_any_text(text: str) -> None:
    try:
        phone = read_phone(text, "CN")
    except CellFault:
        phone = ""
    assert phone == "" or (phone[0] == "+" and phone[1:].isascii() and phone[1:].isdigit())


def test_it_reads_addresses() -> None:
    assert read_email(" A.B+c@example.com ") == "A.B+c@example.com"
    assert read_email("ａ＠example.com") == "a@example.com"
    assert read_email("无") == ""


@pytest.mark.parametrize(
    "text", ["a@b", "a b@example.com", "a@example.com\r\nBcc: x@example.com", "a@example.com,b@example.com", "<a@b.c>"]
)
def test_it_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(CellFault, match="no e-mail address"):
        read_email(text)


def test_it_hides_the_middle() -> None:
    assert masked("+8613000000012") == "+86***12"
    assert masked("12345") == "***"
    assert masked("someone@example.com") == "s***@example.com"
