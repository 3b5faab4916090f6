"""Which places are told: of some requests the same as when all are looked at."""

from __future__ import annotations

import random

import pytest

from ckanext.municipal.issues import model
from tests.issues.harvested import clean_cells

__all__ = ["clean_cells"]

K = 5


def row(chance: random.Random, number: int) -> dict[str, object]:
    """A request in one of a few categories, cells and districts, or in none."""
    cell = chance.choice(["", *(f"cell-{n}" for n in range(30))])
    return {
        "id": f"{number:04}",
        "category_code": chance.choice("abc"),
        "cell": cell,
        "lat": None,
        "long": None,
        "district": chance.choice([None, "Ano Poli", "Kifisia", f"alone-{number}"]),
        "address": f"Οδός {number}",
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_place_is_told_alike_whether_some_or_all_are_looked_at(with_plugins, clean_cells, seed):
    chance = random.Random(seed)
    model.put_cells("one", [row(chance, number) for number in range(300)])
    model.put_cells("two", [row(chance, number) for number in range(300)])
    whole = dict(model.shown_places("one", K))
    for _ in range(5):
        ids = chance.sample(sorted(whole), 40)
        assert dict(model.shown_places("one", K, ids)) == {id_: whole[id_] for id_ in ids}
    assert 0 < sum(bool(place["cell"]) for place in whole.values()) < 300
    assert {place["district"] for place in whole.values()} == {None, "Ano Poli", "Kifisia"}
