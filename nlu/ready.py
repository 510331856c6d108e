"""Whether the model can be served at once, without making or fetching anything."""

import hashlib

from nlu.environment import LOCK, cache
from nlu.training import fingerprint


def is_ready() -> bool:
    """True when Rasa's environment and the model of the present inputs are both in the cache."""
    environment = cache() / f"rasa-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}" / "bin" / "python"
    return environment.exists() and (cache() / "models" / f"{fingerprint()}.tar.gz").exists()
