"""A trained model in memory, for the server. Runs in Rasa's Python 3.10."""

import base64
import hashlib
import sys
from hmac import compare_digest
from pathlib import Path

from language.cut import cut
from language.normalise import normalise
from slim import slim, without_jax

SIZE = 512  # numbers that say what a text means as a whole


class Model:
    """A trained model in memory."""

    def __init__(self, archive: Path):
        self.fingerprint = checked(archive)
        without_jax()
        from rasa.core.agent import Agent

        processor = Agent.load(str(archive)).processor
        self._target = processor.model_metadata.nlu_target
        self._steps = _steps(processor.graph_runner, self._target)
        components = [node._component for _, node, _ in self._steps]
        slim(components)
        self._encoder = next(one._reader for one in components if hasattr(one, "_reader"))._encoder
        self.parse("空调不制冷")  # the first parse builds tables; no customer should wait for it

    def encode(self, texts: list) -> list:
        """What each text means as a whole: 512 numbers of two bytes, in base64."""
        return [_packed(sense) for sense in self._encoder.encode([normalise(cut(text)).text for text in texts])]

    def parse(self, text: str, sense: bool = False) -> dict:
        """One text in the shape of the contract; any string has an answer. ``sense``: with what ``encode`` says of it."""
        from rasa.core.channels.channel import UserMessage

        read = cut(text)
        done = {"__message__": ("__message__", [UserMessage(read)])}
        for name, node, needs in self._steps:
            done[name] = node(*(done[need] for need in needs))
        found = done[self._target][1][0]
        asked = {"sense": _packed(found.get("reading").sense[-SIZE:])} if sense else {}
        return {
            "text": text, "truncated": len(read) < len(text), "intent": found.get("intent"),
            "intent_ranking": found.get("intent_ranking"), "entities": found.get("entities"),
            "symptom": found.get("symptom"), "non_quality": found.get("non_quality"),
            "as_fault": found.get("as_fault"), "nearly": found.get("nearly"), **asked,
        }


def _packed(sense) -> str:
    return base64.b64encode(sense.astype("<f2").tobytes()).decode()


def _steps(runner, target: str) -> list:
    """(name, node, what it needs) in running order: dask, made for whole clusters, takes a third of each parse."""
    schema, found = runner._graph_schema.minimal_graph_schema([target]).nodes, {}

    def add(name: str) -> None:
        needs = list(schema[name].needs.values()) if name in schema else []
        for need in needs:
            if need not in found:
                add(need)
        if name in schema:
            found[name] = (name, runner._instantiated_nodes[name], needs)

    add(target)
    return list(found.values())


def checked(archive: Path) -> str:
    """The archive's hash. Exits where the archive is not the one that was trained (its hash is recorded beside it)."""
    recorded = archive.with_suffix(archive.suffix + ".sha256").read_text().strip()
    if not compare_digest(recorded, hashlib.sha256(archive.read_bytes()).hexdigest()):
        sys.exit(f"{archive.name}: the archive does not match its recorded hash; delete it and train again")
    return recorded
