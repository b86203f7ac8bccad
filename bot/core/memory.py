"""Human translations of segments: how a segment is recognised without keeping its text."""

import hashlib
import unicodedata


def normalise_segment(text: str) -> str:
    """NFC, every run of white space one space, nothing at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def segment_hash(text: str) -> str:
    """SHA-256 of the normalised segment as lower-case hex."""
    return hashlib.sha256(normalise_segment(text).encode()).hexdigest()
