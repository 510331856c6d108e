"""How far the training is, for whoever waits: lines like ``progress 0.42`` on standard output."""

# Part of the whole time at which each stage ends, as measured on two cores; the rest is packing.
STAGES = {"read": 0.36, "symptom": 0.40, "non_quality": 0.43, "intent": 0.62, "tags": 0.95}
_BEFORE = dict(zip(STAGES, [0.15, *STAGES.values()]))  # loading Rasa and the data comes first


def tell(stage: str, part: float = 1.0) -> None:
    """``part`` of a stage (0 to 1) is done."""
    start, end = _BEFORE[stage], STAGES[stage]
    print(f"progress {start + (end - start) * min(part, 1.0):.2f}", flush=True)
