"""Sealing: a value opens where it was sealed, whole, with a key that is here."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import Seal, SealError, new_key
from tests.builders import ENCRYPTION_KEY, OTHER_KEY

SEAL = Seal([ENCRYPTION_KEY])
CELL = {"table": "inbox", "column": "payload"}


def _sealed(text: str = "Olena") -> bytes:
    return SEAL.seal(text, **CELL, row=7)


@given(text=st.text(), row=st.integers(-(2**63), 2**63 - 1))
def test_what_is_sealed_opens_again(text: str, row: int) -> None:
    assert SEAL.open(SEAL.seal(text, **CELL, row=row), **CELL, row=row) == text


def test_nothing_of_the_text_is_seen() -> None:
    assert b"Olena" not in _sealed()


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({_sealed() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("news", "payload", 7), ("inbox", "error", 7), ("inbox", "payload", 8)],
)
def test_a_cell_that_was_moved_does_not_open(table: str, column: str, row: int) -> None:
    with pytest.raises(SealError, match=rf"{table}\.{column}"):
        SEAL.open(_sealed(), table=table, column=column, row=row)


@given(st.data())
def test_an_altered_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(_sealed())
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(SealError):
        SEAL.open(bytes(sealed), **CELL, row=7)


@given(st.integers(0, len(_sealed()) - 1))
def test_a_value_that_was_cut_is_noticed(length: int) -> None:
    with pytest.raises(SealError):
        SEAL.open(_sealed()[:length], **CELL, row=7)


@given(st.binary(max_size=200))
def test_what_was_never_sealed_does_not_open(anything: bytes) -> None:
    with pytest.raises(SealError):
        SEAL.open(anything, **CELL, row=7)


def test_a_new_key_in_front_leaves_old_rows_readable() -> None:
    renewed = Seal([OTHER_KEY, ENCRYPTION_KEY])

    assert renewed.open(_sealed("old"), **CELL, row=7) == "old"
    assert Seal([OTHER_KEY]).open(renewed.seal("new", **CELL, row=7), **CELL, row=7) == "new"


def test_a_key_that_is_gone_opens_nothing() -> None:
    with pytest.raises(SealError, match="not configured"):
        Seal([OTHER_KEY]).open(_sealed(), **CELL, row=7)


def test_errors_and_names_show_neither_key_nor_text() -> None:
    with pytest.raises(SealError) as error:
        SEAL.open(_sealed("Kovalenko"), **CELL, row=8)

    shown = f"{error.value!r} {SEAL!r} {SEAL}"
    assert "Kovalenko" not in shown
    assert ENCRYPTION_KEY not in shown
    assert "AAECAw" not in shown


@pytest.mark.parametrize(
    "wrong",
    ["", "short", "x" * 44, base64.urlsafe_b64encode(b"1" * 31).decode(), ENCRYPTION_KEY + "A"],
)
def test_a_wrong_key_is_refused_without_being_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="32 bytes") as error:
        Seal([wrong])

    assert not wrong or wrong not in str(error.value)


def test_there_must_be_a_key() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Seal([])


def test_new_keys_are_keys() -> None:
    keys = {new_key() for _ in range(20)}

    assert len(keys) == 20
    assert repr(Seal(sorted(keys))) == "Seal(…)"
