"""Photos as a telephone takes them: lying on their side, with the place and the camera written into them."""

import io

from PIL import Image

ORIENTATION, CAMERA, GPS = 0x0112, 0x010F, 0x8825


def photo(*, size: tuple[int, int] = (640, 480), colour: str = "steelblue", kind: str = "JPEG") -> bytes:
    """``size`` is how it lies in the file; upright it is the other way round."""
    picture = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "孙老师的手机"
    exif.get_ifd(GPS)[1] = "N"
    buffer = io.BytesIO()
    picture.save(buffer, kind, exif=exif)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
