"""What a reader types into the search box, as a query that Solr always understands.

The reader's text is parsed and written anew, so that nothing reaches Solr as syntax by accident:
words, "phrases", ``+`` and ``-``, AND, OR, NOT, brackets, ``field:value``, ranges, a trailing ``*``
and the ``~`` and ``^`` of programs keep their meaning; every other character is text. Each word is
looked for as typed, without accents and case, and by its stem. Pure: no CKAN, no Solr.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.municipal.lib.greek import fold
from ckanext.municipal.lib.greek_stem import stem

MAX_TERMS = 24  # Solr stops at 1,024 clauses: 24 words x 3 spellings x 8 fields stay below
MAX_WORD = 200
MAX_TEXT = 2_000
MAX_DEPTH = 8
EVERYTHING = "*:*"
NOTHING = "(+*:* -*:*)"
STEM_WEIGHT = "0.5"
TITLE_FIELD = "extras_municipal_title"
TEXT_FIELD = "extras_municipal_text"

# A field of the stock schema -> our field that holds the same text folded and stemmed.
_FOLDED_FIELDS = {"title": TITLE_FIELD, "text": "text", "notes": TEXT_FIELD}
_NOT_FIELDS = {"http", "https", "ftp", "mailto", "urn", "doi"}
_OPERATORS = {"AND", "OR", "NOT"}
_TOKEN = re.compile(
    r"""
    (?P<operator>(?:AND|OR|NOT|&&|\|\|)(?=[\s()]|$))
    | (?P<close>\))
    | (?P<sign>[+\-!]?)
      (?P<field>(?:[A-Za-z][A-Za-z0-9_]*):(?=\S))?
      (?: (?P<open>\()
        | (?P<range>[\[{][\w.:*/+\-]+\s+TO\s+[\w.:*/+\-]+[\]}])
        | (?P<text>"(?:\\.|[^"\\])*"|(?:\\.|[^\s()"\\])+)
          (?P<suffix>(?:(?<=")~\d{1,3})?(?:(?<=["\d])\^\d{1,3}(?:\.\d{1,3})?)?)
      )
    """,
    re.VERBOSE,
)
_WORD_SUFFIX = re.compile(r"(?P<fuzzy>~[012]?)?(?P<boost>\^\d{1,3}(?:\.\d{1,3})?)?$")
_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')
_SPACE = "\\ "
_LETTERS = re.compile(r"\w")


@dataclass(frozen=True)
class Clause:
    """One part of a query, already in Solr's syntax, and how it counts: ``""``, ``+`` or ``-``."""

    sign: str
    query: str


def clean(text: str) -> str:
    """Return text as NFC without control characters and lone surrogates, which no index holds."""
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def rewrite(text: str) -> str:
    """Return the edismax query for what somebody typed; valid whatever it was.

    Blank gives everything; a text without a single letter or digit gives nothing. Unbalanced
    quotes and brackets are read as if they were closed; words after the 24th are left out, and what
    lies beyond 2,000 characters.
    """
    text = clean(text[:MAX_TEXT])
    if text in {"", "*", EVERYTHING}:
        return EVERYTHING
    return _Parser(text).query() or NOTHING


class _Parser:
    """Recursive descent over the tokens of one query; it has an answer for every text."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._terms = 0
        self._explicit = False

    def query(self) -> str:
        groups = self._groups("", 0)
        if not groups:
            return ""
        if self._explicit:
            return _any(groups)
        # No operators: the words stay side by side, and Solr's mm says how many must match.
        return " ".join(_counted(groups[0]))

    def _groups(self, field: str, depth: int) -> list[list[Clause]]:
        """Read up to the closing bracket: alternatives (OR), each a list of clauses (AND)."""
        groups: list[list[Clause]] = [[]]
        negated = False
        for token in self._tokens:
            if token["close"]:
                if depth:
                    break
                continue  # a bracket that closes nothing
            if operator := token["operator"]:
                self._explicit = True
                negated = operator == "NOT"
                if operator in {"OR", "||"} and groups[-1]:
                    groups.append([])
                continue
            query = self._operand(token, field, depth)
            if query and self._terms <= MAX_TERMS:
                groups[-1].append(Clause("-" if negated else _sign(token["sign"]), query))
            negated = False
        return [group for group in groups if group]

    def _operand(self, token: re.Match[str], field: str, depth: int) -> str:
        field = token["field"] or field
        if token["open"]:
            self._explicit = True
            # Deeper than anybody means it, the brackets add nothing: read on at this level.
            return _any(self._groups(field, depth + 1)) if depth < MAX_DEPTH else ""
        self._terms += 1
        if token["range"]:
            return f"{field}{token['range']}" if field else _term("", token["range"], "")
        return _term(field, token["text"], token["suffix"])


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token and token.end() > position:
            yield token
            position = token.end()
        else:
            position += 1  # a space, or a quote without a partner


def _sign(sign: str) -> str:
    return "-" if sign == "!" else sign


def _counted(clauses: list[Clause]) -> list[str]:
    parts = [f"{c.sign}{c.query}" for c in clauses]
    return [f"+{EVERYTHING}", *parts] if all(c.sign == "-" for c in clauses) else parts


def _any(groups: list[list[Clause]]) -> str:
    """Write alternatives; within one, every clause must match."""
    written = []
    for clauses in groups:
        strict = [Clause(c.sign or "+", c.query) for c in clauses]
        plain = len(clauses) == 1 and clauses[0].sign != "-"
        written.append(clauses[0].query if plain else f"({' '.join(_counted(strict))})")
    return written[0] if len(written) == 1 else f"({' OR '.join(written)})" if written else ""


def _term(field: str, text: str, suffix: str) -> str:
    """Write one word or phrase with its spellings, in its field or in all of them."""
    name = field[:-1]
    if name.lower() in _NOT_FIELDS:
        field, name, text = "", "", f"{field}{text}"
    if name and text == "*":
        return f"{name}:*"
    spellings = _phrase(text, suffix) if text.startswith('"') else _word(text, exact=bool(name))
    if not spellings:
        return ""
    if not name:
        return _either(spellings)
    folded = _FOLDED_FIELDS.get(name)
    if folded is None:
        return f"{name}:{spellings[0]}"
    return _either(
        [f"{name}:{spellings[0]}", *(f"{folded}:{s}" for s in spellings[1:] or spellings)]
    )


def _either(queries: list[str]) -> str:
    return queries[0] if len(queries) == 1 else f"({' OR '.join(queries)})"


def _phrase(text: str, suffix: str) -> list[str]:
    words = _unescaped(text[1:-1])[: MAX_WORD * 5]
    if not _LETTERS.search(words):
        return []
    return [f'"{_escaped(w)}"{suffix}' for w in dict.fromkeys((words, fold(words)))]


def _word(text: str, *, exact: bool) -> list[str]:
    """Write the spellings of a word: as typed, folded, stem. A value of a field stays whole."""
    ending = _WORD_SUFFIX.search(text)
    fuzzy, boost = (ending["fuzzy"] or "", ending["boost"] or "") if ending else ("", "")
    text = text[: len(text) - len(fuzzy + boost)]
    wildcard = "*" if text.endswith("*") and len(_LETTERS.findall(text)) > 1 else ""
    bare = _unescaped(text[:-1] if wildcard else text)[:MAX_WORD]
    if not exact:
        bare = bare.strip(" *?!.,;·:'«»“”[]{}&|/^~")
    if not _LETTERS.search(bare):
        return []
    bare = bare.lower() if bare in _OPERATORS else bare
    folded = fold(bare)
    modifier = wildcard or fuzzy
    spellings = dict.fromkeys((bare, folded))
    written = [f"{_escaped(w).replace(' ', _SPACE)}{modifier}{boost}" for w in spellings]
    if len(written) > 1 and bare.lower() == folded:
        written = written[:1]  # Solr ignores case by itself
    short = stem(folded)
    return [*written, f"{short}^{STEM_WEIGHT}"] if short != folded and not modifier else written


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL).replace("\\", " ").strip()


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
