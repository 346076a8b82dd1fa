"""Settings that name who is told of reports: a fault names its key and what to write."""

from pathlib import Path

import pytest

from revisit.records.problems import ContentError
from revisit.settings import load

UNIT = '[[units]]\nid = "lakeside"\nname = "Lakeside"\n'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'lakeside = ["not an address"]',
            '"reports.recipients.lakeside" has "not an address", which is no',
        ),
        (
            'lakeside = "a@example.com, b@example.com"',
            'an e-mail address such as lakeside = ["manager@example.com"]',
        ),
        ('harbour = ["a@example.com"]', '"reports.recipients" is "harbour". Choose one of: all, lakeside.'),
    ],
)
def test_it_refuses_recipients_that_cannot_be_reached(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "revisit.toml").write_text(f"{UNIT}[reports.recipients]\n{line}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(tmp_path, {})
    assert said in str(caught.value)


def test_it_takes_plain_addresses(tmp_path: Path) -> None:
    line = 'lakeside = ["manager@example.com", "root@localhost"]'
    (tmp_path / "revisit.toml").write_text(f"{UNIT}[reports.recipients]\n{line}\n", encoding="utf-8")
    assert load(tmp_path, {}).reports.recipients == {"lakeside": ("manager@example.com", "root@localhost")}
