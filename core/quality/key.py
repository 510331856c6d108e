"""By what tickets of one cause are known: (model, symptom), (brand, category, symptom), (area, symptom)."""

HOUSE = "*"


def keys_of(
    *,
    model: str | None,
    brand: str | None,
    category: str | None,
    symptom: str | None,
    area: str | None,
) -> list[str]:
    """The keys of one ticket; none without a symptom. ``area`` is an adcode: its county and its city both count."""
    if not symptom:
        return []
    found = []
    if model:
        found.append(f"model:{spelled(model)}:{symptom}")
    elif brand and category:
        found.append(f"brand:{spelled(brand)}/{category}:{symptom}")
    if area and not area.endswith("0000"):
        found += [f"area:{code}:{symptom}" for code in dict.fromkeys((area, area[:4] + "00"))]
    return found


def spelled(name: str) -> str:
    """One spelling of a name: kfr-35gw and KFR 35GW are the same model."""
    return "".join(name.upper().replace(":", "").replace("/", "").replace("-", "").split())


def parts(key: str) -> tuple[str, str, str]:
    """(kind, what, symptom)."""
    kind, what, symptom = key.split(":", 2)
    return kind, what, symptom


def same_place(one: str, other: str) -> bool:
    """Whether two keys name the same county or city, or a county and its city."""
    if not (one.startswith("area:") and other.startswith("area:")):
        return False
    a, b = parts(one)[1], parts(other)[1]
    return a == b or (a[:4] == b[:4] and (a.endswith("00") or b.endswith("00")))
