"""How an item is recognised when it comes again: by guid, address, or title and day."""

import hashlib
import re
from datetime import date

from bot.core.memory import normalise_segment

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def identity_keys(
    source: str, *, guid: str | None, url: str | None, title: str, day: date | None
) -> tuple[str, ...]:
    """An item is known when any of these is. Feeds change guids, sites change addresses.

    One guid with two links is two items (miniflux does the same), so the link goes into the key;
    a title without a day ("Press release") says nothing where there is a link.
    """
    named = normalise_segment(title).casefold()
    raw = [] if day is None and url else [f"title|{source}|{named}|{day}"]
    if url:
        raw.append(f"url|{bare_address(url)}")
    if guid:
        raw.append(f"guid|{source}|{guid}|{bare_address(url or '')}")
    return tuple(hashlib.sha256(key.encode()).hexdigest() for key in raw)


def bare_address(url: str) -> str:
    """Without scheme, "www.", trailing slash and tracking, which differ between copies."""
    whole, _, query = _SCHEME.sub("", url.split("#", maxsplit=1)[0]).partition("?")
    host, slash, path = whole.partition("/")
    page = f"{host.lower().removeprefix('www.')}{slash}{path}"
    kept = [part for part in query.split("&") if part and not part.startswith(("utm_", "fbclid"))]
    return page.rstrip("/").removesuffix(".amp") + ("?" + "&".join(kept) if kept else "")
