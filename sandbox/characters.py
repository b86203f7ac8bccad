"""Characters: how Telegram measures them, and how HTML writes them."""

import re

_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CODE_POINT = 0x10FFFF
_LONGEST_REFERENCE = 10


def utf16_length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def character_at(source: str, at: int) -> tuple[str, int]:
    """What the `&` at `at` stands for, and where to go on."""
    found = _CHARACTER.match(source, at)
    if found is None:
        return "&", at + 1
    if found[3]:
        return _NAMED[found[3]], found.end()
    digits, base = (found[1], 16) if found[1] is not None else (found[2], 10)
    code = int(digits or "0", base)
    length = found.end() - at - source[at : found.end()].count(";")
    if not 0 < code < _LAST_CODE_POINT or length >= _LONGEST_REFERENCE:
        return "&", at + 1
    return chr(code), found.end()
