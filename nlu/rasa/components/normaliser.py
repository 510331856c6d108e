"""First in the pipeline: reads every text once; in training also adds the generated variants."""

import json
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .progress import tell
from .reading import READING, Reader
from .senses import Senses
from .variants import with_variants

PORTION = 2000  # sentences between two words of progress


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class Normaliser(GraphComponent):
    """Puts a ``Reading`` on each message; the lookup tables travel inside the model."""

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._reader: Optional[Reader] = None

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """``seed`` and ``variants`` (generated sentences for each written one) drive the generation."""
        return {"seed": 20261122, "variants": 1}

    @classmethod
    def create(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "Normaliser":
        """A component that knows no words yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> "Normaliser":
        """A component with the lookup tables it was trained with."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            tables = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
            component._reader = Reader(tables, Senses.load(folder))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the lookup tables."""
        self._reader = Reader.of(training_data)
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(self._reader.tables, ensure_ascii=False)
            (folder / "tables.json").write_text(text, encoding="utf-8")
            self._reader.senses.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """All written sentences with their variants, read."""
        tell("read", 0.0)
        messages = with_variants(training_data.training_examples, self._config["variants"], self._config["seed"])
        for at in range(0, len(messages), PORTION):
            self.process(messages[at:at + PORTION])
            tell("read", (at + PORTION) / len(messages))
        return TrainingData(messages, lookup_tables=training_data.lookup_tables)

    def process(self, messages: List[Message]) -> List[Message]:
        """Reads each message."""
        for message, reading in zip(messages, self._reader.read([m.get(TEXT) or "" for m in messages])):
            message.set(READING, reading)
        return messages
