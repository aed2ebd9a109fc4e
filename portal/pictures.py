"""Pictures that people send: drawn anew and small, so that nothing but the picture is left of the file."""

from __future__ import annotations

import hashlib
import io

from flask import Response, make_response, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from PIL import Image, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from portal.errors import Invalid, PortalError

MOST_BYTES = 10 * 1024 * 1024
# As many as a good telephone takes; a file of a few kilobytes may claim to hold a thousand times more.
MOST_PIXELS = 50_000_000
_ROOM_FOR_THE_FORM = 64 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")


class NoPicture(Invalid):
    """Nothing that can be read as one."""

    code = "no_picture"
    message = _l("This is not a picture that can be used. Please choose a photo as JPEG, PNG or WebP.")
    field = "photo"


class TooLarge(Invalid):
    """More bytes or pixels than a photo has."""

    code = "picture_too_large"
    message = _l("This picture is too large. Please choose one of at most 10 MB and 50 megapixels.")
    field = "photo"


class PhotoForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A picture."""

    photo = FileField(_l("Photo"), description=_l("JPEG, PNG or WebP, at most 10 MB. The middle of it is shown."))

    def content(self) -> bytes:
        """What was sent, or as much of it as tells that it is too much; nothing when no file was chosen."""
        sent = self.photo.data
        if not isinstance(sent, FileStorage):
            return b""
        with sent.stream:
            return bytes(sent.stream.read(MOST_BYTES + 1))

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside the field."""
        self.photo.errors = [*self.photo.errors, str(error.message)]


def let_in() -> None:
    """A photo is larger than any other form, and comes as files do: this request may be as large."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = MOST_BYTES + _ROOM_FOR_THE_FORM


def answer(content: bytes) -> Response:
    """The picture, for whoever may see it; it is kept by the browser, since its address changes with it."""
    response = make_response(content, {"Content-Type": "image/jpeg"})
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def fingerprint(content: bytes) -> str:
    """What tells this picture from any other, in its address."""
    return hashlib.sha256(content).hexdigest()[:12]


def square(content: bytes, side: int) -> bytes:
    """The middle of the picture as a JPEG of `side` × `side` pixels. Raises NoPicture, TooLarge."""
    return drawn_anew(content, (side, side))


def drawn_anew(content: bytes, size: tuple[int, int]) -> bytes:
    """The middle of the picture as a JPEG of that width and height, upright, without what cameras write beside it.

    Raises NoPicture, TooLarge.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise TooLarge()
            found.draft("RGB", (size[0] * 2, size[1] * 2))
            drawn = ImageOps.fit(_flat(ImageOps.exif_transpose(found)), size)
    except Image.DecompressionBombError as error:
        raise TooLarge() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NoPicture() from error
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """In colours, with white behind what is transparent."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    shown = picture.convert("RGBA")
    behind = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(behind, shown).convert("RGB")
