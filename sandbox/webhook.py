"""A bot's webhook: which addresses and secrets Telegram accepts."""

import re
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.errors import bad_request, too_many_requests

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PORTS = {None, 80, 88, 443, 8443}
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LONGEST_SECRET = 256
_MOST_CONNECTIONS = 100
_DEFAULT_CONNECTIONS = 40


@dataclass(slots=True)
class Webhook:
    url: str = ""
    secret_token: str = ""
    max_connections: int = _DEFAULT_CONNECTIONS
    last_error_date: int = 0
    last_error_message: str = ""
    set_at: float = -10.0  # monotonic

    def set(self, url: str, secret_token: str, max_connections: int) -> None:
        """Telegram's own addresses are https; a program of this machine may use http."""
        check_address(url)
        if len(secret_token) > _LONGEST_SECRET:
            raise bad_request("Secret token is too long")
        if not _SECRET.fullmatch(secret_token):
            raise bad_request("Secret token contains unallowed characters")
        if time.monotonic() - self.set_at < 1:
            raise too_many_requests(1)
        in_range = 1 <= max_connections <= _MOST_CONNECTIONS
        self.max_connections = max_connections if in_range else _DEFAULT_CONNECTIONS
        self.url, self.secret_token = url, secret_token
        self.set_at = time.monotonic()
        self.last_error_date, self.last_error_message = 0, ""

    def failed(self, message: str) -> None:
        self.last_error_date, self.last_error_message = int(time.time()), message


def check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad_request("Bad webhook: Invalid URL specified") from None
    if host in _LOOPBACK and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or not host:
        raise bad_request("Bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        ports = "80, 88, 443 or 8443"
        raise bad_request(f"Bad webhook: Webhook can be set up only on ports {ports}")
    raise bad_request("Bad webhook: Failed to resolve host: Name or service not known")
