"""Segments are recognised however their blanks are written."""

import hashlib
import tomllib
from pathlib import Path

from bot.core.memory import normalise_segment, segment_hash

_CONFIG = Path(__file__).parents[2] / "config"


def test_blanks_and_composition_do_not_matter():
    assert segment_hash(" Zwei\u00a0 Wörter\n") == segment_hash("Zwei Wo\u0308rter")
    assert normalise_segment("\tZwei \n Wörter ") == "Zwei Wörter"


def test_the_hash_is_sha_256_of_the_normalised_text():
    assert segment_hash(" a  b") == hashlib.sha256(b"a b").hexdigest()


def test_shipped_translations_are_complete_and_keyed_once():
    segments = tomllib.loads((_CONFIG / "memory.toml").read_text(encoding="utf-8"))["segments"]
    keys = [segment["en_sha256"] for segment in segments]

    assert len(set(keys)) == len(keys)
    assert all(
        len(key) == 64 and segment["de"] and segment["uk"]
        for key, segment in zip(keys, segments, strict=True)
    )
