"""Stands in for the `requests` module inside deep_translator, which knows no time-out at all."""

import re
import threading
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.translation_engine import EngineFailed, FailureKind

if TYPE_CHECKING:
    from requests import Response

CONNECT_SECONDS = 3.0
UNLESS_TOLD = 15.0  # seconds
LARGEST = 1_000_000  # bytes; the page with an answer has some ten thousand
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_KINDS = {
    401: FailureKind.REFUSED,
    402: FailureKind.QUOTA,
    403: FailureKind.REFUSED,
    408: FailureKind.TIMEOUT,
    429: FailureKind.RATE_LIMITED,
    451: FailureKind.REFUSED,
    456: FailureKind.QUOTA,
}


@dataclass(frozen=True, slots=True)
class Page:
    """As much of a `requests.Response` as deep_translator looks at."""

    status_code: int
    text: str

    def close(self) -> None:
        pass


class TimedRequests:
    """One for all engines and threads: how long a call may take is kept for each thread."""

    def __init__(self) -> None:
        self._thread = threading.local()

    def allow(self, seconds: float) -> None:
        """For the next calls of this thread."""
        self._thread.seconds = seconds

    def get(self, url: str, params: dict[str, str], proxies: dict[str, str] | None = None) -> Page:
        """Proxies and certificates come from the environment, as with requests itself.

        Raises requests' and urllib3's exceptions, and EngineFailed for a status that is no answer.
        """
        import requests

        seconds = getattr(self._thread, "seconds", UNLESS_TOLD)
        ends = time.monotonic() + seconds
        with requests.Session() as session:
            session.max_redirects = 3
            session.trust_env = not _here(url)
            timeout = (min(CONNECT_SECONDS, seconds), seconds)
            with session.get(
                url, params=params, proxies=proxies, timeout=timeout, stream=True
            ) as response:
                _refuse(response)
                return Page(response.status_code, _read(response, ends))


def _here(url: str) -> bool:
    """An engine on this machine is not behind the proxy."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(response: "Response") -> None:
    status = response.status_code
    if status < 400:  # noqa: PLR2004
        return
    kind = FailureKind.UNREACHABLE if status >= 500 else FailureKind.BAD_OUTPUT  # noqa: PLR2004
    wait = _seconds(response.headers.get("Retry-After", ""))
    raise EngineFailed(_KINDS.get(status, kind), retry_after=wait)


def _seconds(retry_after: str) -> float | None:
    """RFC 9110, 10.2.3: seconds, or a date."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


def _read(response: "Response", ends: float) -> str:
    """A trickle of bytes never runs into the read time-out: here it runs into `ends`."""
    import requests

    body = b""
    while part := response.raw.read1(16_384, decode_content=True):
        body += part
        if time.monotonic() >= ends or len(body) > LARGEST:
            raise requests.Timeout
    declared = "charset=" in response.headers.get("Content-Type", "").lower()
    encoding = response.encoding if declared and response.encoding else "utf-8"
    # deep_translator glues the text around a <br> together.
    return _BREAK.sub(" ", body.decode(encoding, errors="replace"))
