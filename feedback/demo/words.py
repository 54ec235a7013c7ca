"""What the demo city's people write, put together from the sentences in `data/texts`."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from feedback.demo.data_files import read
from feedback.demo.wards import Ward
from feedback.domain.states import Outcome

PLACES = (
    "trước số nhà {number} {street}",
    "trên {street}, gần {landmark}",
    "ở đầu kiệt {number} {street}",
    "đối diện {landmark}, {street}",
    "dọc {street}, đoạn qua {landmark}",
    "ở góc {street} và {other}",
    "gần {landmark}",
)


@dataclass(frozen=True, slots=True)
class Place:
    """How a reporter speaks of a place: within a sentence, and as an address."""

    phrase: str
    address: str


def place_in(ward: Ward, random: Random) -> Place:
    """Some place in a ward."""
    street, other = _street(ward, random), _street(ward, random)
    number = random.randint(2, 260)
    template = random.choice(PLACES if other != street else PLACES[:5])
    phrase = template.format(
        number=number, street=street, other=other, landmark=random.choice(ward.landmarks)
    )
    address = f"{number} {street}, {ward.kind} {ward.name}"
    return Place(phrase, address)


def complaint(category: str, place: Place, random: Random, *, private: bool) -> str:
    """The text of a report in a category; with `private` it tells a number or an address."""
    words, common = _of_category(category), _common()
    details = random.sample(words["details"], k=random.choice((1, 1, 2)))
    sentences = [
        random.choice(words["problems"]).format(place=place.phrase) + ".",
        *(detail.format(since=random.choice(common["since"])) for detail in details),
        random.choice(common["asks"]),
    ]
    if private:
        planted = random.choice(common["planted"])
        sentences.append(planted.format(three=random.randint(100, 999)))
    return " ".join(sentence for sentence in sentences if sentence)


def unknown_matter(place: Place, random: Random) -> tuple[str, str]:
    """The text of somebody who does not know its category, and that category."""
    text, category = random.choice(_common()["unknown"])
    asks = random.choice(_common()["asks"])
    return f"{text.format(place=place.phrase)}. {asks}".strip(), category


def rejected_matter(place: Place, random: Random) -> tuple[str, str, str]:
    """The text of a report that does not belong here, why, and the answer to its reporter."""
    chosen = random.choice(_common()["rejections"])
    text = random.choice(chosen["texts"]).format(place=place.phrase)
    return text, chosen["reason"], chosen["answer"]


def answer(
    category: str, outcome: Outcome, promised_on: date, random: Random, *, good: bool
) -> str:
    """What a unit answers; one that takes little care says little."""
    common = _common()
    if outcome is Outcome.FIXED:
        choice = _of_category(category)["fixed"] if good else common["careless"]
        body = str(random.choice(choice))
    else:
        body = str(random.choice(common[outcome.value])).format(date=f"{promised_on:%d/%m/%Y}")
    return f"{body} {random.choice(common['thanks'])}".strip()


def remark(kind: str, random: Random) -> str:
    """One of the short sentences that fit everywhere: a comment on a rating, a reason."""
    return str(random.choice(_common()[kind]))


def _street(ward: Ward, random: Random) -> str:
    street = random.choice(ward.streets)
    return street if street[0].islower() else f"đường {street}"


def _common() -> dict[str, Any]:
    return read("texts/common")


@cache
def _of_category(category: str) -> dict[str, list[str]]:
    """The sentences of a category, from the file of its group."""
    for group in read("categories")["group"]:
        if any(row["code"] == category for row in group["categories"]):
            found: dict[str, list[str]] = read(f"texts/{group['code']}")[category]
            return found
    raise KeyError(category)
