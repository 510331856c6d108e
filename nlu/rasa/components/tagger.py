"""Entities: a conditional random field over characters, helped by the look-ups and shapes of the reading."""

import json
from typing import Any, Dict, List, Text

import pycrfsuite
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .progress import tell
from .reading import READING
from .slots import refillable
from .tags import characters, labels, spans
from .variants import FAMILY, MISHEARD

_PARAMETERS = {"c1": 0.05, "c2": 0.02, "max_iterations": 70, "feature.possible_transitions": True}


class _Trainer(pycrfsuite.Trainer):
    """Says how far it is; what it prints itself is only in the log of a training that failed."""

    def on_iteration(self, log, info):
        tell("tags", info["num"] / _PARAMETERS["max_iterations"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityTagger(GraphComponent):
    """Tags every character and reads the entities off the tags, with offsets into the original text."""

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._crf, self._bytes = pycrfsuite.Tagger(), b""

    @classmethod
    def create(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "EntityTagger":
        """An untrained tagger."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> "EntityTagger":
        """A trained tagger; the model is read into memory because Rasa removes the folder."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._bytes = (folder / "tags.crfsuite").read_bytes()
        component._crf.open_inmemory(component._bytes)  # which does not keep them: without ours they would be freed
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the field; of the variants those with other names and numbers or misheard things; others would cost time."""
        trainer = _Trainer(algorithm="lbfgs", params=_PARAMETERS)
        known = set()
        for message in training_data.training_examples:
            reading, family = message.get(READING), message.get(FAMILY)
            if reading.norm.text and (family not in known or message.get(MISHEARD) or refillable(message)):
                known.add(family)
                trainer.append(characters(reading), labels(reading, message.get(ENTITIES) or []))
        with self._storage.write_to(self._resource) as folder:
            trainer.train(str(folder / "tags.crfsuite"))
            (folder / "parameters.json").write_text(json.dumps(_PARAMETERS))
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Writes the entities."""
        for message in messages:
            reading = message.get(READING)
            tags = self._crf.tag(characters(reading)) if reading.norm.text else []
            message.set(ENTITIES, spans(reading, tags, message.get("text")), add_to_output=True)
        return messages
