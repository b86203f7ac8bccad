"""Addresses from the internet: absolute, http or https, without what only trackers need."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_cid|mc_eid|igshid)(=|$)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_link(written: str | None, base: str | None = None) -> str | None:
    """None for anything a person should not be sent to by a tap (javascript:, tg:, no host)."""
    try:
        absolute = urljoin(base or "", (written or "").strip())
        parts = urlsplit(absolute)
        usable = bool(written) and _is_plain(parts) and not _UNSAFE.search(absolute)
    except ValueError:
        return None
    return urlunsplit(_without_tracking(parts)) if usable else None


def _is_plain(parts: SplitResult) -> bool:
    """Raises ValueError for a port that is no number."""
    web = parts.scheme in {"http", "https"} and parts.port != 0
    return web and bool(parts.hostname) and parts.username is None


def _without_tracking(parts: SplitResult) -> SplitResult:
    kept = [item for item in parts.query.split("&") if not _TRACKING.match(item)]
    return parts._replace(query="&".join(kept), fragment="")
