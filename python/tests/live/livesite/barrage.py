"""Requests that arrive at the same moment, over plain sockets.

Each connection sends all of its request but the last byte. When every one has, the last bytes follow within
a millisecond or two: all of them are then in the server's hands at once, in different threads and processes.
"""

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TIMEOUT = 120
SETTLE_SECONDS = 0.1


@dataclass
class Answer:
    """Status, headers and body of one answer; `json` is None where the body is no JSON."""

    status: int
    headers: dict[str, str]
    body: bytes
    json: Any = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.json = json.loads(self.body) if self.body else None
        except ValueError:
            self.json = None

    @property
    def code(self) -> str | None:
        """The machine-readable code of a refusal."""
        return self.json.get("code") if isinstance(self.json, dict) else None


@dataclass
class Request:
    """One request: a JSON value, or bytes to be sent as they are, and the caller's access token."""

    method: str
    path: str
    body: Any = None
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The request as it goes over the wire."""
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {
            "Host": "127.0.0.1",
            "Connection": "close",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
            **self.headers,
        }
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {text}" for name, text in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(port: int, request: Request) -> Answer:
    """One request on its own."""
    with _connect(port) as connection:
        # A server that has read enough answers and hangs up; what it said is still there to be read.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request.encoded())
        return _read(connection)


def at_once(port: int, requests: list[Request], meanwhile: Callable[[], None] = lambda: None) -> list[Answer]:
    """All the requests at the same moment; the answers in the order of the requests.

    `meanwhile` is called when the last byte is sent and no answer is read.
    """
    wire = [request.encoded() for request in requests]
    connections = [_connect(port) for _ in wire]
    try:
        for connection, data in zip(connections, wire, strict=True):
            connection.sendall(data[:-1])
        time.sleep(SETTLE_SECONDS)
        for connection, data in zip(connections, wire, strict=True):
            connection.sendall(data[-1:])
        meanwhile()
        return [_read(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _read(connection: socket.socket) -> Answer:
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        response.close()
