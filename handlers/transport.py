"""The transport: how requests travel to Telegram, on aiohttp's client (docs/decisions/0007).

A failure says whether the request can have arrived, in the cause of the library's own error:

    NotSentError   no connection came about: refused, unknown name, TLS, proxy, none free in time
    NoAnswerError  the request left, or part of it, and no proper answer came: it may have arrived

That a server had hung up on a connection before we wrote to it cannot be told from a server that
hung up over our request, so it counts as the latter. The address of every request holds the token
and aiohttp quotes addresses, so its errors stay in here.
"""

import json
import os
import ssl
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

if TYPE_CHECKING:
    import aiohttp

CONNECT_SECONDS = 5.0
POOL_SECONDS = 10.0
READ_SECONDS = 20.0
WRITE_SECONDS = 5.0
UPLOAD_SECONDS = 60.0
IDLE_SECONDS = 30.0  # shorter than servers keep a connection, so that we hang up first
NAMES_SECONDS = 60  # an address once found serves a minute
PLAIN = {"Accept-Encoding": "identity", "User-Agent": BaseRequest.USER_AGENT}
JSON = PLAIN | {"Content-Type": "application/json"}
HERE = ("localhost", "127.0.0.1", "::1")


Limits = tuple[float | None, float | None, float | None, float | None]  # pool to read, seconds


class NotSentError(Exception):
    """Nothing reached Telegram: the request may be made again."""


class NoAnswerError(Exception):
    """The request may have reached Telegram."""


class AiohttpTransport(BaseRequest):
    """May be opened again after it was closed."""

    def __init__(
        self, api_url: str, *, connections: int, read_timeout: float = READ_SECONDS
    ) -> None:
        self._api_url = api_url
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is not None:
            return
        aiohttp = _import_aiohttp()
        secure = urlsplit(self._api_url).scheme == "https"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                ssl=_certificates(os.environ.get("SSL_CERT_FILE")) if secure else True,
                keepalive_timeout=IDLE_SECONDS,
                ttl_dns_cache=NAMES_SECONDS,
            ),
            proxy=proxy_to(self._api_url),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        uploads = request_data is not None and request_data.contains_files
        limits = (
            _given(pool_timeout, POOL_SECONDS),
            _given(connect_timeout, CONNECT_SECONDS),
            _given(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS),
            _given(read_timeout, self._read_timeout),
        )
        if request_data is None or method != "POST":
            return await self._exchange(method, url, None, PLAIN, limits)
        if uploads:
            return await self._exchange(method, url, _multipart(request_data), PLAIN, limits)
        return await self._exchange(method, url, request_data.json_payload, JSON, limits)

    async def post_json(
        self, url: str, body: bytes, *, read_timeout: float | None = None
    ) -> tuple[int, bytes]:
        """Status and answer. Raises NetworkError and TimedOut as do_request does."""
        read = self._read_timeout if read_timeout is None else read_timeout
        limits = (POOL_SECONDS, CONNECT_SECONDS, WRITE_SECONDS, read)
        return await self._exchange("POST", url, body, JSON, limits)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, but does not log what it cannot read."""
        try:
            told: dict[str, Any] = json.loads(payload.decode(errors="replace"))
        except ValueError:
            pass  # its text quotes the payload
        else:
            return told
        raise TelegramError("Invalid server response") from NoAnswerError("broken JSON")

    async def _exchange(
        self, method: str, url: str, data: Any, headers: dict[str, str], limits: Limits
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("The transport is closed") from NotSentError("closed")
        try:
            async with self._session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=_timeout(limits),
                allow_redirects=False,
            ) as answer:
                status, payload = answer.status, await answer.read()
        except Exception as error:  # noqa: BLE001 - whatever it is, it may quote the address
            failed, cause = _told(error)
        else:
            if method != "POST" or payload.startswith(b"{"):
                return status, payload
            failed, cause = _not_telegram(status)
        # Out here the error above is not remembered as the context of this one.
        raise failed from cause


def proxy_to(api_url: str) -> str | None:
    """What the environment names; a server on this machine is asked directly."""
    address = urlsplit(api_url)
    host = address.hostname or ""
    if host in HERE or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


@lru_cache(maxsize=2)
def _certificates(file: str | None) -> ssl.SSLContext:
    """Read once: it takes a while, and both transports want them."""
    import certifi

    return ssl.create_default_context(cafile=file or certifi.where())


def _import_aiohttp() -> Any:
    """While it is imported, aiohttp reads the system's certificates twice, half of the time it
    takes, for contexts that we never use. An empty file spares the start that.
    """
    given = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = os.devnull
    try:
        import aiohttp
    finally:
        del os.environ["SSL_CERT_FILE"]
        if given is not None:
            os.environ["SSL_CERT_FILE"] = given
    return aiohttp


@lru_cache(maxsize=64)
def _timeout(limits: Limits) -> "aiohttp.ClientTimeout":
    """Each phase has its limit; the sum bounds an answer that trickles."""
    from aiohttp import ClientTimeout

    pool, connect, _, read = limits
    known = [limit for limit in limits if limit is not None]
    return ClientTimeout(
        connect=None if pool is None or connect is None else pool + connect,
        sock_connect=connect,
        sock_read=read,
        total=sum(known) if len(known) == len(limits) else None,
    )


def _given(seconds: object, default: float) -> float | None:
    """None means without limit; the library's DEFAULT_NONE, that nothing was said."""
    if seconds is None or isinstance(seconds, int | float):
        return seconds
    return default


def _multipart(asked: RequestData) -> "aiohttp.FormData":
    from aiohttp import FormData

    form = FormData()
    for name, value in asked.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in asked.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form


def _told(error: Exception) -> tuple[NetworkError, Exception]:
    """The library's error and its cause; they name the kind of failure and nothing else."""
    import aiohttp

    kind = type(error).__name__
    never_sent = (
        aiohttp.ConnectionTimeoutError,
        aiohttp.ClientConnectorError,
        aiohttp.ClientHttpProxyError,
        aiohttp.InvalidURL,
    )
    cause = NotSentError(kind) if isinstance(error, never_sent) else NoAnswerError(kind)
    failed = TimedOut() if isinstance(error, TimeoutError) else NetworkError(kind)
    return failed, cause


def _not_telegram(status: int) -> tuple[NetworkError, Exception]:
    """A proxy's or a firewall's page: its 403 blames no recipient, its 404 no token."""
    return NetworkError(f"No answer of Telegram ({status})"), NoAnswerError("no JSON")
