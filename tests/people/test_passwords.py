"""Passwords: which ones are taken, and how they are kept."""

import pytest
from argon2 import PasswordHasher

from revisit.people import passwords
from revisit.people.passwords import hash_password, is_outdated, verify, weakness

GUESSED = """
password Password1 P@ssw0rd p4ssw0rd!! passwordpassword 12345678 87654321 123456789 11111111 abcdefgh qwertyuiop
1qaz2wsx
zxcvbnm123 asdf1234 abc123456 a123456789 iloveyou2 woaini1314 admin123 Welcome2026 letmein! sunshine99 20010203
1990-12-31
13000000012 0912345678 abababab abcabcabc toyota2020 revisit1 workshop zhang123456 aaaaaaaaaaaa 1234abcd qwerty12345
loveyou520 trustno1
"""


@pytest.mark.parametrize("password", GUESSED.split())
def test_it_refuses_what_is_guessed_first(password: str) -> None:
    assert weakness(password) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery", "kettle-window-ninety", "x7Gq!mP2vL", "油漆桶在第三排左边", "tzR4-mm8q",
        "we fixed 3 pumps", "a" * 3 + "kettle" + "9x" * 20, "ein blauer Reifen",
        "Лодка у старого моста", "z" + "kettle fern " * 12,
    ],
)  # fmt: skip
def test_it_takes_any_characters_spaces_and_great_lengths(password: str) -> None:
    assert weakness(password) is None


def test_it_says_what_is_wrong_with_length_and_name() -> None:
    assert weakness("kettle7") == "short"
    assert weakness("kettle fern " * 22) == "long"
    assert weakness("mei-lin77x", "mei-lin") == "name"
    assert weakness("mei-lin likes green kettles", "mei-lin") is None


def test_it_hashes_with_argon2id_at_the_recommended_strength() -> None:
    stored = hash_password("kettle window fern")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != hash_password("kettle window fern")
    assert verify(stored, "kettle window fern")
    assert not verify(stored, "kettle window fer")
    assert not verify(stored, "kettle window fern ")


def test_it_reads_full_width_letters_as_the_letters_they_are() -> None:
    assert verify(hash_password("kettle12"), "ｋｅｔｔｌｅ１２")


def test_it_tells_no_end_of_a_long_password_apart_from_another_one() -> None:
    long = "kettle fern " * 20
    assert verify(hash_password(long + "a"), long + "a")
    assert not verify(hash_password(long + "a"), long + "b")


def test_it_wants_a_weaker_hash_made_anew() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("kettle window fern")
    assert is_outdated(weak)
    assert verify(weak, "kettle window fern")
    assert not is_outdated(hash_password("kettle window fern"))


@pytest.mark.parametrize("stored", ["", "no hash at all", "$argon2id$v=19$broken"])
def test_it_opens_nothing_with_an_empty_or_damaged_hash(stored: str) -> None:
    assert not verify(stored, "")
    assert not verify(stored, "kettle window fern")


def test_it_checks_a_hash_also_where_there_is_no_user(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
            seen.append(str(hash)[:30])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=2, memory_cost=19_456, parallelism=1))
    passwords._nobody.cache_clear()
    verify("", "kettle window fern")
    assert seen == ["$argon2id$v=19$m=19456,t=2,p=1"]
