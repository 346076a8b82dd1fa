import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.visits.sms import GSM, GSM_ESCAPED, length


@pytest.mark.parametrize(
    ("text", "alphabet", "places", "segments"),
    [
        ("", "gsm-7", 0, 1),
        ("a" * 160, "gsm-7", 160, 1),
        ("a" * 161, "gsm-7", 161, 2),
        ("a" * 306, "gsm-7", 306, 2),
        ("a" * 307, "gsm-7", 307, 3),
        ("€" * 80, "gsm-7", 160, 1),
        ("€" * 81, "gsm-7", 162, 2),
        # 153 is odd: the 77th sign does not fit half into the first segment
        ("€" * 153, "gsm-7", 306, 3),
        ("中" * 70, "ucs-2", 70, 1),
        ("中" * 71, "ucs-2", 71, 2),
        ("中" * 134, "ucs-2", 134, 2),
        ("中" * 135, "ucs-2", 135, 3),
        ("a" * 69 + "中", "ucs-2", 70, 1),
        ("🚗" * 35, "ucs-2", 70, 1),
        ("🚗" * 36, "ucs-2", 72, 2),
        ("🚗" * 67, "ucs-2", 134, 3),
        ("naïve", "ucs-2", 5, 1),
    ],
)
def test_it_counts_as_networks_do(text: str, alphabet: str, places: int, segments: int) -> None:
    counted = length(text)
    assert (counted.alphabet, counted.places, counted.segments) == (alphabet, places, segments)


def test_it_knows_the_whole_default_alphabet() -> None:
    assert len(GSM) == 127
    assert len(GSM_ESCAPED) == 10


@given(st.text(max_size=400), st.text(max_size=20))
def test_it_never_needs_fewer_segments_for_more_text(text: str, more: str) -> None:
    assert length(text + more).segments >= length(text).segments
