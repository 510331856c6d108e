"""Finding by meaning, beside the words: when there is an encoder, when it is away, after an edit."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.house import House
from core.knowledge import shelf
from core.knowledge.filling import Filling
from core.knowledge.questions import Answered, Unanswered, answer, learn, sense_of
from core.knowledge.search import Index
from core.knowledge.senses import Senses
from core.knowledge.shelf import Entry
from core.knowledge.terms import HouseWords
from tests.providers.http import until

SAYS = {
    "扇": 0,
    "风": 0,
    "fan": 0,
    "灯": 1,
    "亮": 1,
    "lamp": 1,
}  # what the characters and words of these tests are about


class Encoder:
    """Knows two matters; counts what it was asked and can be away."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = False

    def __call__(self, texts: Sequence[str]) -> list[bytes] | None:
        if self.away:
            return None
        self.asked += texts
        return [self._sense(text) for text in texts]

    def _sense(self, text: str) -> bytes:
        about = [matter for word, matter in SAYS.items() if word in text] or [2]
        numbers = np.zeros(512)
        numbers[about] = 1 / len(set(about)) ** 0.5
        return numbers.astype("<f2").tobytes()


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


def index_of(encoder: Encoder, **wordings: list[str]) -> Index:
    entries = [Entry(key, "other", "", text) for key, said in wordings.items() for text in said]
    index = Index(entries, {key: " ".join(said) for key, said in wordings.items()}, HouseWords((), ()))
    index.senses = Senses(encoder).of(wordings)
    return index


def test_what_shares_no_word_is_found_by_its_meaning(encoder: Encoder) -> None:
    index = index_of(encoder, fan=["风扇", "扇子"], lamp=["灯亮"])
    (sense,) = encoder(["lamp"]) or [b""]
    assert index.find("lamp") is None
    found = index.find("lamp", sense=sense)
    assert found is not None and found.keys[0] == "lamp" and found.signs.alike == pytest.approx(1, abs=0.01)


def test_the_very_words_come_before_any_meaning(encoder: Encoder) -> None:
    index = index_of(encoder, fan=["风扇"], lamp=["灯亮", "灯亮亮"])
    (sense,) = encoder(["lamp"]) or [b""]
    found = index.find("风扇？", sense=sense)
    assert found is not None and found.keys[0] == "fan" and found.signs.exact


def test_after_an_edit_only_what_changed_is_encoded(encoder: Encoder) -> None:
    senses = Senses(encoder)
    before = senses.of({"fan": ["风扇"], "lamp": ["灯"]})
    encoder.asked.clear()
    after = senses.of({"lamp": ["灯", "亮"], "fan": ["风扇"], "new": ["什么"]})
    assert encoder.asked == ["灯", "亮", "什么"]
    assert before is not None and after is not None and (after[1] == before[0]).all()


def test_what_was_encoded_before_the_encoder_went_is_kept(encoder: Encoder) -> None:
    senses = Senses(encoder)
    senses.of({"fan": ["风扇"]})
    encoder.away = True
    assert senses.of({"fan": ["风扇"], "lamp": ["灯"]}) is None
    encoder.away = False
    encoder.asked.clear()
    assert senses.of({"fan": ["风扇"], "lamp": ["灯"]}) is not None and encoder.asked == ["灯"]


def test_an_encoder_that_fails_in_an_unforeseen_way_ends_nothing(encoder: Encoder) -> None:
    def broken(texts: Sequence[str]) -> list[bytes] | None:
        raise RuntimeError("unforeseen")

    index, filling = index_of(encoder, fan=["风扇"]), Filling(broken)
    index.senses = None
    filling.begin(index, {"fan": ["风扇"]})
    assert until(lambda: not any(thread.name == "senses" for thread in threading.enumerate()))
    assert index.senses is None and index.find("风扇") is not None


@pytest.fixture
def understood(house: House, encoder: Encoder) -> Iterator[House]:
    yield replace(house, encode=encoder)


def ask(house: House, question: str, sense: bytes = b"") -> Answered | Unanswered:
    with house.database.reading() as session:
        return answer(session, house, question, sense=sense)


def by_sense(house: House) -> bool:
    with house.database.reading() as session:
        return shelf.index(session, house).senses is not None


def test_a_house_finds_by_words_until_its_answers_are_encoded(understood: House, encoder: Encoder) -> None:
    encoder.away = True
    assert isinstance(ask(understood, "热水器的镁棒几年换一回"), Answered) and not by_sense(understood)
    encoder.away = False
    assert until(lambda: by_sense(understood))
    found = ask(understood, "热水器的镁棒几年换一回", sense_of(understood, "热水器的镁棒几年换一回"))
    assert isinstance(found, Unanswered | Answered) and found.confidence < 1


def test_a_learned_answer_is_understood_by_its_meaning_a_moment_later(
    understood: House, encoder: Encoder
) -> None:
    assert until(lambda: by_sense(understood))
    encoder.asked.clear()
    with understood.database.session() as session:
        learn(session, "吊扇要怎么装", "请预约安装。", product="other", by="李工", source="李工")
        session.commit()
    assert until(lambda: by_sense(understood) and "吊扇要怎么装" in encoder.asked)
    assert encoder.asked == ["吊扇要怎么装"]


def test_many_who_ask_at_once_encode_once(understood: House, encoder: Encoder) -> None:
    askers = [threading.Thread(target=ask, args=(understood, "镁棒")) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert until(lambda: by_sense(understood))
    assert len(encoder.asked) == len(set(encoder.asked))


def test_a_house_without_an_encoder_asks_none(house: House) -> None:
    assert sense_of(house, "镁棒") == b"" and not by_sense(house)
