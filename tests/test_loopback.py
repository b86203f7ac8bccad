"""The guard that keeps tests on this machine, tested."""

import socket

import pytest

from tests.loopback import LeftTheMachine


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as outgoing, pytest.raises(LeftTheMachine):
        outgoing.connect(("192.0.2.1", 80))


def test_no_test_looks_up_a_name_outside() -> None:
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo("news.example.org", 443)


def test_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
