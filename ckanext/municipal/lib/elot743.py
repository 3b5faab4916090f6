"""Greek in Latin letters by ELOT 743 (ISO 843, type 2: transcription), for addresses and files.

The table is ``schemas/codelists/elot743.csv``, read by the form's JavaScript as well.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from ckanext.municipal.lib.lookalikes import SYMBOL_LETTERS, repair_lookalikes

TABLE = Path(__file__).parent.parent / "schemas" / "codelists" / "elot743.csv"
MAX_NAME = 100  # CKAN's limits for the name of a dataset, group or organisation
MIN_NAME = 2

_VOICED = "αεηιουωβγδζλμνρϋ"
_GREEK_LETTERS = "α-ωϋ"
_CONDITIONS = {
    "": "{}",
    "before_voiced": "{}(?=[" + _VOICED + "])",
    "word_start": "(?<![" + _GREEK_LETTERS + "]){}",
}
# Accent on the first vowel, or diaeresis on the second, means two sounds: άυλος, προϋπολογισμός.
_DIAERESIS = re.compile("υ([\u0300-\u0307\u0309-\u036f]*)\u0308")
_ACCENTED_FIRST = re.compile("([αεηο]\u0301)υ(?![\u0300-\u036f])")
_TONOS_AS_CHARACTER = dict.fromkeys(map(ord, "'’‘ʼ`´΄᾽᾿´῾"))
_LATIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)
_EXTENSION = re.compile(r"[a-z0-9]{1,10}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)")  # Windows keeps these names for itself


@lru_cache(maxsize=1)
def _transcription() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of all rules, in the order of the table, and what each group becomes."""
    patterns, latin = [], {"ϋ": "y"}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            pattern = _CONDITIONS[row["position"]].format(row["greek"])
            patterns.append(f"(?P<r{number}>{pattern})")
            latin[f"r{number}"] = row["latin"]
    return re.compile("|".join([*patterns, "ϋ"])), latin


def transcribe(text: str) -> str:
    """Return text in small Latin letters by ELOT 743 type 2; other letters lose their accents.

    ``Ευαγγελία`` gives ``evangelia``, ``προϋπολογισμός`` gives ``proypologismos``, ``Μπότσαρη``
    gives ``botsari``. Words typed with look-alike letters are read as the Greek they look like.
    """
    pattern, latin = _transcription()
    known = repair_lookalikes(text).translate(SYMBOL_LETTERS).translate(_TONOS_AS_CHARACTER)
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", known).casefold())
    spread = _ACCENTED_FIRST.sub(r"\1ϋ", _DIAERESIS.sub(r"ϋ\1", spread))
    plain = "".join(c for c in spread if unicodedata.category(c) != "Mn")
    return pattern.sub(lambda m: latin[m.lastgroup or m[0]], plain).translate(_LATIN_LETTERS)


def slug(text: str, *, fallback: str = "item", max_length: int = MAX_NAME) -> str:
    """Return a name for addresses, within CKAN's rules: 2 to 100 of ``a-z 0-9 - _``.

    Greek is transcribed (``Εκτέλεση προϋπολογισμού`` gives ``ektelesi-proypologismou``),
    apostrophes are dropped, everything else becomes one hyphen. A long name is cut between words.
    ``fallback``, itself such a name, is given for a text without letters or digits, and precedes
    a text of only one.
    """
    name = re.sub(r"[^a-z0-9_]+", "-", transcribe(text))
    name = _cut(re.sub(r"-*_[-_]*", "_", name).strip("-_"), max_length)
    if len(name) >= MIN_NAME:
        return name
    return f"{fallback}-{name}"[:max_length] if name else fallback


def _cut(name: str, max_length: int) -> str:
    if len(name) <= max_length:
        return name
    head = name[: max_length + 1]
    boundary = max(head.rfind("-"), head.rfind("_"))
    # A first word longer than half the room is cut inside: half a word tells more than nothing.
    return head[: boundary if boundary > max_length // 2 else max_length].rstrip("-_")


def filename(name: str, *, fallback: str = "file", max_length: int = MAX_NAME) -> str:
    """Return a safe and readable name for a file: transcribed, small letters, extension kept.

    Folders before the name are dropped, as are control characters and dots other than the one of
    the extension; ``Καθαριότητα 2024.CSV`` gives ``kathariotita-2024.csv``. At most ``max_length``
    bytes (the result is ASCII), never empty, never a name that Windows reserves.
    """
    last = re.split(r"[/\\]", name)[-1].strip()
    stem, dot, extension = last.rpartition(".")
    extension = transcribe(extension)
    if not dot or not _EXTENSION.fullmatch(extension):
        stem, extension = last, ""
    ending = f".{extension}" if extension else ""
    readable = slug(stem, fallback=fallback, max_length=max_length - len(ending))
    if _RESERVED.fullmatch(readable):
        readable = f"{fallback}-{readable}"
    return readable + ending
