import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.records.problems import CallError
from revisit.visits.encoding import decode, is_garbled

SIMPLIFIED = "工单号,结算日期\nA1,2026-08-03\n"
TRADITIONAL = "工單號,結算日期\nA1,2026-08-03\n"


def has_headers(text: str) -> bool:
    return text.startswith(("工单号", "工單號"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_it_tells_the_encoding_of_simplified_chinese(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding), "", has_headers).text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5"])
def test_it_tells_the_encoding_of_traditional_chinese(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "", has_headers).text == TRADITIONAL


def test_it_asks_when_no_encoding_shows_the_headers() -> None:
    with pytest.raises(CallError, match=r"neither UTF-8, GB18030 nor Big5.*--encoding"):
        decode("受付番号,日付\n".encode("shift-jis"), "", has_headers)


def test_it_asks_when_both_encodings_show_the_headers() -> None:
    with pytest.raises(CallError, match=r"both GB18030.*and Big5.*--encoding"):
        decode("number,closed\nA1,张三\n".encode("gb18030"), "", lambda text: text.startswith("number"))


def test_it_lets_the_one_who_knows_decide() -> None:
    assert decode(SIMPLIFIED.encode("gb18030"), "GB18030", has_headers).text == SIMPLIFIED
    assert decode(("\ufeff" + SIMPLIFIED).encode("utf-8"), "utf-8", has_headers).text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("utf-16-le"), "utf-16-le", has_headers).text == SIMPLIFIED


@pytest.mark.parametrize("name", ["klingon", "zip", "rot13"])
def test_it_refuses_encodings_that_are_none(name: str) -> None:
    with pytest.raises(CallError, match="There is no text encoding"):
        decode(b"abc", name, has_headers)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_it_knows_utf_16_without_a_mark_by_its_headers(name: str) -> None:
    assert decode(SIMPLIFIED.encode(name), "", has_headers).text == SIMPLIFIED


def test_it_names_utf_16_where_the_headers_are_not_known_either() -> None:
    with pytest.raises(CallError, match="--encoding utf-16-le"):
        decode("受付番号,日付\n".encode("utf-16-le"), "", has_headers)


def test_it_loses_one_cell_to_a_broken_byte_and_not_the_file() -> None:
    broken = SIMPLIFIED.encode("gb18030").replace(b"A1", b"\xff1")
    assert "\ufffd1" in decode(broken, "", has_headers).text


@pytest.mark.parametrize("text", ["湖滨站服务站", "更换轮胎", "刹车异响"])
def test_it_knows_utf_8_that_was_read_as_gbk(text: str) -> None:
    assert is_garbled(text.encode("utf-8").decode("gb18030", "replace"))


@pytest.mark.parametrize("text", ["锟斤拷", "湖滨\ufffd"])
def test_it_knows_damaged_text(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize("text", ["", "abc", "联通", "湖滨站", "更换轮胎", "右前門鈑金", "Müller", "发动机故障灯亮"])
def test_it_leaves_sound_text_alone(text: str) -> None:
    assert not is_garbled(text)


@given(st.binary(max_size=200))
def test_it_gives_text_or_a_sentence_for_any_bytes(content: bytes) -> None:
    try:
        told = decode(content, "", has_headers).encoding
    except CallError as error:
        told = str(error)
    assert told.startswith("utf") or "--encoding" in told
