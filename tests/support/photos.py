"""Pictures as people send them, and files that only say that they are."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture with the place where it was taken."""
    out = io.BytesIO()
    image = Image.new(mode, (width, height), "red")
    exif = Image.Exif()
    exif[0x010E] = "NEEDLE-48.8566"
    exif[0x0112] = 6
    image.save(out, kind, exif=exif)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it holds that many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def as_file(field: str, content: bytes, token: str) -> tuple[bytes, str]:
    """The body of a form with one file, and its content type."""
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
        f'--edge\r\nContent-Disposition: form-data; name="{field}"; filename="a.jpg"\r\n\r\n'.encode() + content,
        b"--edge--\r\n",
    ]
    return b"\r\n".join(parts), "multipart/form-data; boundary=edge"
