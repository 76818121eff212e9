"""An answer that is somebody's file: always to be saved, never to be shown or run in a page of ours."""

from typing import BinaryIO, Final
from urllib.parse import quote

from flask import Response

from partnercrm.kernel import files

KIND: Final = "application/octet-stream"


def attachment(name: str, size: int, source: BinaryIO) -> Response:
    """Answer with what is opened, piece by piece, under its name (RFC 6266); `nosniff` is with every answer."""
    response = Response(files.pieces(source), content_type=KIND)
    response.content_length = size
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in name)
    told = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = f"attachment; {told}"
    response.call_on_close(source.close)
    return response
