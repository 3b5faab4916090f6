"""How much personal data redaction finds in 1,500 made-up reports, and how much else it takes.

The reports, their forms and names are in `privacy_corpus` and know nothing of the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

import pytest
from privacy_corpus import Report, clean_reports, reports, without_accents
from privacy_pieces import PIECES, Planted

from ckanext.municipal.lib.privacy import Redacted, redact

COUNT = 1_500
NUMBERS = ("phone", "afm", "amka", "iban", "id_card", "passport")


@cache
def _redacted() -> list[tuple[Report, Redacted]]:
    return [(report, redact(report.text)) for report in reports(COUNT)]


@cache
def _missed() -> tuple[Counter[str], dict[str, list[str]]]:
    """Return how many pieces of each kind there are, and those of which something is left."""
    planted: Counter[str] = Counter()
    missed: dict[str, list[str]] = {kind: [] for kind in PIECES}
    for report, done in _redacted():
        for piece in report.planted:
            planted[piece.kind] += 1
            if _is_left(piece, done.text):
                missed[piece.kind].append(f"{piece.written} in {done.text!r}")
    return planted, missed


def _is_left(piece: Planted, text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).lower()
    if piece.kind in NUMBERS:
        left = re.sub(r"\D", "", plain)
    elif piece.kind == "name":
        words = re.findall(r"[^\W\d_]+", without_accents(plain))
        return any(without_accents(trace) in words for trace in piece.traces)
    else:
        left = "".join(plain.split())
    return any(trace in left for trace in piece.traces)


def test_corpus_is_large_and_holds_every_kind():
    planted, _ = _missed()
    assert planted.total() >= 3_000
    assert set(planted) == set(PIECES)
    assert min(planted.values()) >= 150
    assert len({report.text for report, _ in _redacted()}) == COUNT


@pytest.mark.parametrize("kind", [kind for kind in PIECES if kind != "name"])
def test_ninety_nine_of_a_hundred_identifiers_are_found(kind):
    planted, missed = _missed()
    recall = 1 - len(missed[kind]) / planted[kind]
    assert recall >= 0.99, f"{kind}: {recall:.4f} of {planted[kind]}, missed {missed[kind][:5]}"


def test_nine_of_ten_names_that_the_text_announces_are_found():
    planted, missed = _missed()
    recall = 1 - len(missed["name"]) / planted["name"]
    assert recall >= 0.90, f"{recall:.4f} of {planted['name']}, missed {missed['name'][:5]}"


def test_at_most_two_of_a_hundred_reports_without_personal_data_lose_anything():
    clean = clean_reports(COUNT)
    touched = [(done.text, dict(done.found)) for done in map(_redact, clean) if done.found]
    share = len(touched) / COUNT
    assert share <= 0.02, f"{share:.4f} of {COUNT}: {touched[:10]}"


def _redact(report: Report) -> Redacted:
    return redact(report.text)


def test_reports_keep_their_words():
    """What surrounds personal data stays: seven of eight words that are no trace of it."""
    kept = total = 0
    for report, done in _redacted():
        traces = without_accents(" ".join(each.written for each in report.planted).lower())
        plain = unicodedata.normalize("NFKC", done.text)
        for word in re.findall(r"[^\W\d_]{4,}", report.text):
            if without_accents(word.lower()) not in traces and "&" not in report.text:
                total += 1
                kept += word in plain
    assert kept / total >= 7 / 8, f"{kept / total:.3f} of {total}"


def test_real_texts_of_a_city_lose_nothing(shared):
    """Notes of St. Louis's call centre, whose authors leave the names of callers out."""
    import csv

    with (shared / "data/issues/stlouis/2009.csv").open(encoding="latin-1", newline="") as file:
        notes = [row["EXPLANATION"] for row in csv.DictReader(file)]
    touched = [note for note in notes if redact(note).found]
    assert sum(map(len, notes)) > 10_000
    assert len(touched) <= len(notes) // 50, touched[:5]
