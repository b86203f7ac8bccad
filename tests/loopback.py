"""Tests talk to this machine only: any other connection is refused before it is tried."""

import ipaddress
import os
import sys
from urllib.parse import urlsplit


class LeftTheMachine(OSError):  # noqa: N818 - it says what happened
    pass


def stay_on_this_machine() -> None:
    """Cannot be undone: Python's audit hooks stay for the life of the process."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and len(arguments) > 1:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            raise LeftTheMachine(f"a test tried to connect to {address[0]}")
    elif event == "socket.getaddrinfo" and not _is_here(str(arguments[0])):
        raise LeftTheMachine(f"a test tried to look up {arguments[0]}")


def _is_here(host: str) -> bool:
    if host in {
        "localhost",
        "None",
        "",
        urlsplit(os.environ.get("TEST_POSTGRES_URL", "")).hostname,
    }:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
