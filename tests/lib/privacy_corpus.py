"""Citizens' reports as people write them, made up: with known personal data in them, or with none.

Nothing here comes from the rules that are measured by it: forms, words and names are written down
from how people write, the awkward ways included. A seed always gives the same reports.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import privacy_clean
from privacy_forms import forms
from privacy_pieces import PIECES, Planted


@dataclass(frozen=True)
class Report:
    text: str
    planted: tuple[Planted, ...] = ()


_OFTEN = {"phone": 6, "name": 6, "email": 3, "plate": 3}
_PROBLEMS = forms("""
    Υπάρχει μια μεγάλη λακκούβα μπροστά στο σχολείο
    ο κάδος στη γωνία είναι γεμάτος εδώ και μέρες
    Δεν ανάβει η λάμπα στον δρόμο μας
    ΣΠΑΣΜΕΝΟ ΠΕΖΟΔΡΟΜΙΟ ΚΑΙ ΔΕΝ ΠΕΡΝΑΕΙ ΚΑΡΟΤΣΙ
    Τα σκουπίδια μαζεύονται έξω από την πολυκατοικία
    εχει πεσει ενα δεντρο στο παρκο και κλεινει το μονοπατι
    Αδέσποτα σκυλιά στην πλατεία, φοβούνται τα παιδιά
    Νερά τρέχουν από φρεάτιο στην Εγνατία
    Παρκάρουν πάνω στη ράμπα αναπήρων κάθε βράδυ
    The street light has been out since last week
    There is a broken bench in the park near the water
    Μυρίζει άσχημα ο υπόνομος όταν βρέχει
""")
_WISHES = forms("""
    Παρακαλώ στείλτε συνεργείο.
    Πότε θα έρθετε;
    το εχουμε ξαναπει αλλα τιποτα
    Σας ευχαριστώ πολύ για τον χρόνο σας.
    Please have a look.
    Είναι επικίνδυνο, ειδικά τη νύχτα!
""")
_ACCENTS = str.maketrans("άέήίόύώϊϋΐΰΆΈΉΊΌΎΏ", "αεηιουωιυιυΑΕΗΙΟΥΩ")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def without_accents(text: str) -> str:
    return text.translate(_ACCENTS)


def reports(count: int, seed: int = 2024) -> list[Report]:
    """Return reports with one to four sentences that hold personal data."""
    rnd = random.Random(seed)
    kinds = [kind for kind in PIECES for _ in range(_OFTEN.get(kind, 2))]
    return [_report(rnd, kinds) for _ in range(count)]


def _report(rnd: random.Random, kinds: list[str]) -> Report:
    planted: list[Planted] = []
    lines = [rnd.choice(_PROBLEMS)]
    if rnd.random() < 0.5:
        lines.append(rnd.choice(_WISHES))
    if rnd.random() < 0.5:
        lines += privacy_clean.sentences(rnd, 1)
    for kind in rnd.sample(kinds, rnd.choice([1, 2, 2, 3, 4])):
        text, items = PIECES[kind](rnd)
        lines.append(_dressed(rnd, text))
        planted += items
    return Report(rnd.choice([". ", "\n", ".\n", "\n\n", ". "]).join(lines), tuple(planted))


def _dressed(rnd: random.Random, text: str) -> str:
    """Write a text as some keyboards, phones and programs do."""
    way = rnd.random()
    if way < 0.06:
        return without_accents(text)
    if way < 0.10:
        return text.translate(_WIDE if way < 0.09 else _ARABIC)
    if way < 0.15:
        unseen = "\u200b" if way < 0.13 else "\u00ad"
        return "".join(c + (unseen if rnd.random() < 0.2 else "") for c in text)
    if way < 0.18:
        plain = text.replace("<", "").replace(">", "")
        return "".join(f"&#{ord(c)};" if c in "0123456789@" else c for c in plain)
    if way < 0.21 and "<" not in text:
        middle = len(text) // 2
        return f"<p>{text[:middle]}<b>{text[middle:]}</b></p>"
    return text.replace("\u00a0", rnd.choice(["\u00a0", "&nbsp;", "\u202f"]))


def clean_reports(count: int, seed: int = 1821) -> list[Report]:
    """Return reports with ordinary numbers and words, and nothing personal."""
    rnd = random.Random(seed)
    made = []
    for _ in range(count):
        said = privacy_clean.sentences(rnd, rnd.randint(1, 4))
        text = rnd.choice([". ", "\n", ". "]).join([rnd.choice(_PROBLEMS), *said])
        if rnd.random() < 0.8:
            text = f"{text}. {rnd.choice(_WISHES)}"
        made.append(Report(without_accents(text) if rnd.random() < 0.1 else text))
    return made
