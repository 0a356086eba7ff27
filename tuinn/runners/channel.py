"""Messages between two processes, over a pair of sockets; neither end ever waits for the other."""

from __future__ import annotations

import pickle
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!Q")
_PART = 1 << 16
"""Bytes read at once."""


class Channel:
    """Whole objects through one end of a socket pair.

    The other end must be a process of our own: what arrives is unpickled.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.closed = False
        """Nothing more will come: the other end is gone, and all that it sent was received."""
        self._incoming, self._outgoing = bytearray(), bytearray()

    @property
    def waits_to_send(self) -> bool:
        return bool(self._outgoing)

    def send(self, message: Any) -> None:
        """Send it now as far as there is room, the rest with later calls of `send` or `flush`."""
        content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._outgoing += _LENGTH.pack(len(content)) + content
        self.flush()

    def flush(self) -> None:
        """Send what has to wait, as far as there is room now."""
        try:
            while self._outgoing:
                del self._outgoing[: self.connection.send(self._outgoing)]
        except BlockingIOError:
            pass
        except OSError:
            # nobody is there to read it; what they sent before may still be received
            self._outgoing.clear()

    def receive(self) -> list[Any]:
        """The messages that have arrived whole."""
        try:
            while part := self.connection.recv(_PART):
                self._incoming += part
            self.closed = True
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True
        messages = []
        while (end := self._end()) <= len(self._incoming):
            messages.append(pickle.loads(self._incoming[_LENGTH.size : end]))
            del self._incoming[:end]
        return messages

    def _end(self) -> int:
        """Bytes of the first message with its head."""
        if len(self._incoming) < _LENGTH.size:
            return _LENGTH.size
        (length,) = _LENGTH.unpack_from(self._incoming)
        return _LENGTH.size + int(length)

    def end(self) -> None:
        """Send nothing more: the other end finds this one closed, and may still be heard."""
        self.flush()
        try:
            self.connection.shutdown(socket.SHUT_WR)
        except OSError:
            # it was gone before
            return

    def close(self) -> None:
        self.connection.close()
