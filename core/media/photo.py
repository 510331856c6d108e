"""A photo for a record: checked, upright, not larger than needed, and without what the camera wrote into it."""

import io
from dataclasses import dataclass
from typing import Any

FORMATS = ("JPEG", "PNG", "WEBP")
MEGA = 1_000_000
_QUALITY = 85


class BadPhoto(Exception):
    """照片没有保存：{why}。"""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class PhotoRules:
    """The policy ``photos``: how many belong to one record, and how large one may be."""

    most: int
    most_mb: float
    most_megapixels: float
    longest_side: int

    @classmethod
    def of(cls, policy: dict[str, Any]) -> "PhotoRules":
        """KeyError where the policy lacks one."""
        return cls(**{name: policy[name] for name in cls.__dataclass_fields__})


def tidy(content: bytes, rules: PhotoRules) -> bytes:
    """A JPEG of the same picture; place, time and camera stay behind. BadPhoto: large or picture.

    Takes a moment: call it with no transaction open.
    """
    if len(content) > rules.most_mb * MEGA:
        raise BadPhoto("large")
    from PIL import Image, ImageOps, UnidentifiedImageError  # here: no start of the house waits for it

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            # Known from the head of the file: a small file may unfold to a picture that fills the memory.
            if opened.width * opened.height > rules.most_megapixels * MEGA:
                raise BadPhoto("large")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as broken:
        raise BadPhoto("picture") from broken
    picture.thumbnail((rules.longest_side, rules.longest_side))
    picture.info.clear()
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()
