"""Which hosts a reader of public news has no business with."""

import asyncio
import ipaddress
import socket

_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal")


async def is_private(host: str) -> bool:
    """True when the host is, or resolves to, an address that is not public.

    A name that does not resolve is not refused here: behind a proxy only the proxy can resolve.
    """
    bare = host.strip("[]").rstrip(".").lower()
    if not bare or bare == _LOCAL_NAMES[0] or bare.endswith(_LOCAL_NAMES[1:]):
        return True
    try:
        return not ipaddress.ip_address(bare).is_global
    except ValueError:
        return any(not ipaddress.ip_address(one).is_global for one in await _addresses(bare))


async def _addresses(name: str) -> set[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return set()
    return {str(address[0]).split("%", maxsplit=1)[0] for *_, address in found}
