"""The linear heads: intent with confidence, and for faults the symptom and whose side the cause is on."""

from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .features import features
from .fitting import Examples, fit, fit_calibrated
from .linear import Features, Linear
from .progress import tell
from .reading import READING
from .variants import FAMILY, FOLD

FEATURES = "linear_features"
DANGERS = ("electric_shock", "fire_smoke", "gas_smell", "water_leak")  # the last is a plain fault too
# By the labelling guide these are the customer's to mend whatever else is said.
NEARLY = 0.7  # of the likeliest: a symptom that is nearly as likely
MENDABLE = ("no_signal_or_network", "consumable_or_filter", "setting_or_mode")


class _Heads(GraphComponent):
    """Some linear models over the same features; subclasses say which labels and what to write."""

    names: List[str] = []

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self.heads: Dict[str, Linear] = {}

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """``strength`` is scikit-learn's C: less means smoother."""
        return {"seed": 20261122, "strength": 0.5}

    @classmethod
    def create(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "_Heads":
        """Untrained heads."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> "_Heads":
        """Trained heads."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.heads = {name: Linear.load(folder / name) for name in cls.names}
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fits every head on the examples that carry its label."""
        with self._storage.write_to(self._resource) as folder:
            for name in self.names:
                labelled = [(m, self.label(m, name)) for m in training_data.training_examples]
                labelled = [(m, label) for m, label in labelled if label is not None]
                examples = Examples([_features(m) for m, _ in labelled], [label for _, label in labelled],
                                    [m.get(FAMILY) for m, _ in labelled], [m.get(FOLD) for m, _ in labelled])
                self.fitted(examples).save(folder / name)
                tell(name)
        return self._resource

    def fitted(self, examples: Examples) -> Linear:
        """One trained head."""
        return fit(examples, self._config["seed"], self._config["strength"])

    def process(self, messages: List[Message]) -> List[Message]:
        """Writes what the heads say."""
        for message in messages:
            asked = self.heads.items() if self.concerns(message) else ()
            self.write(message, {name: head.ranking(_features(message)) for name, head in asked})
        return messages

    def concerns(self, message: Message) -> bool:
        """Whether the heads need to be asked at all."""
        return True

    def label(self, message: Message, name: str) -> Optional[str]:
        """The written label of an example, None where it has none."""
        raise NotImplementedError

    def write(self, message: Message, rankings: Dict[str, list]) -> None:
        """Puts the predictions on the message."""
        raise NotImplementedError


def _features(message: Message) -> Features:
    if message.get(FEATURES) is None:
        reading = message.get(READING)
        message.set(FEATURES, Features(features(reading), reading.sense))
    return message.get(FEATURES)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentHead(_Heads):
    """What the customer wants."""

    names = ["intent"]

    def fitted(self, examples: Examples) -> Linear:
        """Rare intents count as much as faults, and the confidence is made honest."""
        return fit_calibrated(examples, self._config["seed"], self._config["strength"], balanced=True)

    def label(self, message: Message, name: str) -> Optional[str]:
        """The intent."""
        return message.get(INTENT)

    def write(self, message: Message, rankings: Dict[str, list]) -> None:
        """The intent and its ranking in Rasa's own shape."""
        ranked = rankings["intent"]
        danger = dict(ranked)["emergency"]
        raised = [("emergency", danger)] if danger >= self.heads["intent"].alarm else []
        ranked = [*raised, *(r for r in ranked if r[0] != "emergency")]
        ranking = [{"name": name, "confidence": share} for name, share in ranked]
        if not message.get(READING).norm.text.strip():
            ranking = [{"name": "out_of_scope", "confidence": 1.0}]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking[:5], add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaultHeads(_Heads):
    """Symptom and non_quality; their labels are the intent metadata of the training data."""

    names = ["symptom", "non_quality"]

    def concerns(self, message: Message) -> bool:
        """Only faults and dangers have a symptom."""
        return message.get(INTENT)["name"] in ("report_fault", "emergency")

    def label(self, message: Message, name: str) -> Optional[str]:
        """The label under ``metadata`` of the example's block."""
        value = ((message.get(METADATA) or {}).get(METADATA_INTENT) or {}).get(name)
        return None if value is None else str(value).lower()

    def write(self, message: Message, rankings: Dict[str, list]) -> None:
        """Only faults have a symptom; an emergency is never the customer's to mend.

        ``as_fault`` is what a danger would be without it, for rules that take the danger back.
        """
        fault = self._fault(rankings) if rankings else (None, None)
        danger = rankings and message.get(INTENT)["name"] == "emergency"
        symptom, blamed = (next(s for s, _ in rankings["symptom"] if s in DANGERS), False) if danger else fault
        message.set("symptom", symptom, add_to_output=True)
        message.set("non_quality", blamed, add_to_output=True)
        message.set("as_fault", fault, add_to_output=True)
        message.set("nearly", self._nearly(rankings, symptom), add_to_output=True)

    @staticmethod
    def _nearly(rankings: Dict[str, list], symptom: Optional[str]) -> List[str]:
        """The symptoms nearly as likely as the likeliest, for whoever finds nothing to say about that one."""
        plain = [(s, share) for s, share in rankings.get("symptom", ()) if s not in DANGERS[:3]]
        return [s for s, share in plain if s != symptom and share >= NEARLY * plain[0][1]]

    @staticmethod
    def _fault(rankings: Dict[str, list]) -> Tuple[str, bool]:
        symptom = next(s for s, _ in rankings["symptom"] if s not in DANGERS[:3])
        return symptom, symptom in MENDABLE or rankings["non_quality"][0][0] == "true"
