"""What may be sent to the site: no more than two lists of 20 MB at once."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MAX_BODY = 41_000_000
"""Bytes: two lists, and the fields around them."""


class LimitedUploadHandler(FileUploadHandler):
    """Reads a body over the limit without keeping any of its files: forms say that it is too big.

    A reverse proxy should refuse it before; nothing fills the disk without one.
    """

    too_big = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the length that the browser announces: the server reads no more than it."""
        self.too_big = content_length > MAX_BODY

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Leave a file out, unread."""
        super().new_file(*args, **kwargs)
        if self.too_big:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand what was read over to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing here."""
