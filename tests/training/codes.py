"""A telephone's camera: reads the QR code on what we print."""

import io

import zxingcpp
from PIL import Image


def decoded(picture: bytes) -> str:
    """What the one code on a picture holds."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


def rotated(picture: bytes, degrees: float = 17, size: int = 220) -> bytes:
    """The same poster as somebody holds their telephone: small and at an angle."""
    image = Image.open(io.BytesIO(picture)).convert("L").resize((size, size))
    buffer = io.BytesIO()
    image.rotate(degrees, expand=True, fillcolor=255).save(buffer, "JPEG", quality=60)
    return buffer.getvalue()
