"""Which addresses Telegram takes for links."""

import re
from urllib.parse import urlsplit

from sandbox.wire import Json

_USER = re.compile(r"tg:(?://)?user\?id=([0-9]+)", re.IGNORECASE)
_HOST = re.compile(r"[\w.-]+", re.UNICODE)
_SCHEMES = ("http", "https", "ftp", "tonsite", "tg", "ton")


def checked_link(address: str) -> str:
    """The address as Telegram keeps it; empty when it is none."""
    address = address.strip()
    if not address or any(char.isspace() for char in address):
        return ""
    if address.lower().startswith(("tg:", "ton:")):
        return address
    full = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(full)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or not _HOST.fullmatch(host):
        return ""
    if "." not in host and "://" not in address and host != "localhost":
        return ""
    return full if parts.path else parts._replace(path="/").geturl()


def link_entity(address: str) -> Json | None:
    """The entity that `<a href=address>` makes; None when the address is no link."""
    if user := _USER.fullmatch(address):
        return {"type": "text_mention", "user": {"id": int(user[1])}}
    url = checked_link(address)
    return {"type": "text_link", "url": url} if url else None
