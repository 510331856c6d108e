"""An address without saying one: county by key, the rest as a recording for staff. Never demanded by speech."""

import re

from ivr.divisions import City, cities_of_area, city_of_phone, counties
from ivr.heard import Heard
from ivr.line import Line, Words
from ivr.question import answered, asked, everywhere, listening, one_key
from ivr.speak import Gather, Speak
from ivr.station import Missed

MOST = 5
MORE = "8"


class AddressStation:
    """``data``: ask (city, area, county, detail), city and county by name, page."""

    def ask(self, line: Line) -> Speak:
        data = line.state.data
        if data["ask"] == "city":
            return asked(line, line.text("voice.address.city", city=data["city"][1]), listening(line))
        if data["ask"] == "area":
            gather = listening(line, one=False)
            return asked(
                line, line.text("voice.address.area"), Gather(False, True, gather.timeout, gather.hints)
            )
        if data["ask"] == "detail":
            return asked(line, line.text("voice.address.detail"), listening(line))
        return asked(line, self._names(line), listening(line))

    def _names(self, line: Line) -> str:
        parts = [line.text("voice.choice", label=name, digit=str(n)) for n, name in enumerate(_page(line), 1)]
        parts.append(line.text("voice.choice", label=line.text("voice.more"), digit=MORE))
        return line.text("voice.address.county") + ("," if line.language == "en" else "，").join(parts)

    def take(self, line: Line, heard: Heard) -> Words | None:
        if len(heard.keys) <= 1:
            meant, words = everywhere(line, heard)
            if meant:
                return words
        if heard.keys:
            return STEPS[line.state.data["ask"]](line, heard)
        named = _county_named(line, heard.speech)
        if named is not None:
            return _found(line, named)
        return answered(line, heard)  # an address that is spoken all the same is taken, and read back later


def start(line: Line, *, where: bool = False) -> None:
    """Begin with the city that the caller's number belongs to, else with the area code. ``where``: a county will do."""
    customer = line.customer()
    city = city_of_phone(customer.phone) if customer and customer.phone else None
    if city is None:
        line.go("address", ask="area", where=where)
    else:
        line.go("address", ask="city", city=[city.code, city.name], where=where)


def _on(line: Line, **more: object) -> None:
    """The next of the questions; what is known stays known."""
    line.go("address", **{**line.state.data, "page": 0, **more})


def _city(line: Line, heard: Heard) -> Words | None:
    key = one_key(heard)
    if key == "1":
        _on(line, ask="county")
    elif key == "2":
        _on(line, ask="area")
    elif key == "3":
        return _by_person(line)
    else:
        raise Missed
    return None


def _area(line: Line, heard: Heard) -> Words | None:
    if heard.keys == "3":
        return _by_person(line)
    found = cities_of_area(heard.keys)
    if not found:
        line.say("voice.address.area.wrong")
        raise Missed
    city: City = found[0]
    _on(line, ask="county", city=[city.code, city.name])
    return None


def _county(line: Line, heard: Heard) -> Words | None:
    key = one_key(heard)
    if key == MORE:
        line.state.data["page"] = line.state.data.get("page", 0) + 1
        return None
    page = _page(line)
    if not key.isdigit() or not 1 <= int(key) <= len(page):
        raise Missed
    return _found(line, page[int(key) - 1])


def _found(line: Line, county: str) -> Words | None:
    text = line.state.data["city"][1] + county
    if line.state.data.get("where"):
        return Words(text)
    _on(line, ask="detail", text=text)
    return None


def _detail(line: Line, heard: Heard) -> Words | None:
    key, text = one_key(heard), line.state.data["text"]
    if key == "1":
        line.go("record", purpose="address", text=text)
        return None
    if key == "2":
        return Words(text)
    raise Missed


STEPS = {"city": _city, "area": _area, "county": _county, "detail": _detail}


def _page(line: Line) -> list[str]:
    names = counties(line.state.data["city"][0])
    pages = max(1, -(-len(names) // MOST))
    start = line.state.data.get("page", 0) % pages * MOST
    return names[start : start + MOST]


def _county_named(line: Line, speech: str) -> str | None:
    """武侯区, said instead of keyed; a whole address tells more, and goes to the dialogue as it is."""
    city = line.state.data.get("city")
    if city is None or not speech:
        return None
    for name in counties(city[0]):
        for short in (name, name[:-1] if len(name) > 2 else name):
            rest = speech.replace(short, "", 1)
            if rest != speech and len(re.sub(r"[\W区县市]|在|我", "", rest)) == 0:
                return name
    return None


def _by_person(line: Line) -> Words | None:
    """Left as a recording; staff write it down."""
    if line.state.data.get("where"):
        raise Missed
    city = line.state.data.get("city")
    line.go("record", purpose="address", text=city[1] if city else line.text("voice.words.address_by_person"))
    return None
