"""Connections that can be cut without an answer."""

from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_KEY = "sandbox.connection"


class Connection(H11Protocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # uvicorn's own affair
        super().__init__(*args, **kwargs)
        self.app_state = {**self.app_state, _KEY: self}


def hang_up(scope: Scope) -> None:
    """The client sees a connection reset or closed, never a status line."""
    connection: Connection = scope["state"][_KEY]
    connection.transport.abort()
    if connection.cycle is not None:
        connection.cycle.disconnected = True
