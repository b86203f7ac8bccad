"""The project's transport, for loops that use nothing else of the project."""

from importlib import import_module
from importlib.util import find_spec
from typing import cast

from telegram.request import BaseRequest, HTTPXRequest


def project_transport(url: str, *, connections: int) -> BaseRequest:
    if find_spec("handlers.transport") is None:
        return HTTPXRequest(connection_pool_size=connections, pool_timeout=10)
    ours = import_module("handlers.transport").AiohttpTransport
    return cast("BaseRequest", ours(url, connections=connections))
