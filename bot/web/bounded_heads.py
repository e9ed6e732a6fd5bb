"""uvicorn's quick HTTP parser, with an end to what may come before a body.

By itself it keeps what it is sent until the head is over: one without end is over when the memory is.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """Closes a connection that sends so much and neither ends its head nor sends anything of a body."""

    _unread = 0
    """Bytes since the last end of a head, or the last piece of a body."""

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        super().data_received(data)
        if self._unread > HEAD_LIMIT and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_headers_complete(self) -> None:
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)
