"""Pictures that people send: drawn anew, small and square, so that nothing but the picture is left of the file."""

from __future__ import annotations

import io

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
# As many as a good telephone takes; a file of a few kilobytes may claim to hold a thousand times more.
MOST_PIXELS = 50_000_000
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


def square(content: bytes, side: int) -> bytes:
    """The middle of the picture as a JPEG of `side` × `side` pixels, upright, without what cameras write beside it.

    Raises NoPicture, TooLarge.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise TooLarge()
            found.draft("RGB", (side * 2, side * 2))
            drawn = ImageOps.fit(_flat(ImageOps.exif_transpose(found)), (side, side))
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
