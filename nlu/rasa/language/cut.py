"""Long texts are read up to a sentence end."""

import re

LONGEST = 500  # characters; the longest fault story on file is well below


def cut(text: str, longest: int = LONGEST) -> str:
    """``text``, or its beginning up to the last sentence end within ``longest`` characters."""
    if len(text) <= longest:
        return text
    ends = [found.end() for found in re.finditer(r"[。！？!?\n；;，,]", text[:longest])]
    return text[: ends[-1] if ends and ends[-1] > longest // 2 else longest]
