"""Text that programs keep as HTML, as people read it."""

from __future__ import annotations

import html
import re

# Possessive: what was read is not given back, or "<" and a long word would take quadratic time.
_TAG = re.compile(r"<(/?)([a-zA-Z!][^\s/<>]*+)[^<>]*+>")
_LINE_ENDS = frozenset({"br", "p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4"})
_NOT_TEXT = frozenset({"script", "style", "template", "title"})
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain_text(markup: str) -> str:
    """Return the text of an HTML fragment, or of text that was none, without tags and entities.

    Lines end where paragraphs do; runs of blanks are one. Scripts and styles are left out. What
    no database stores as text (NUL, lone surrogates) is dropped. Linear in the length.
    """
    if "<" in markup or "&" in markup:
        markup = html.unescape("".join(_pieces(markup)))
    text = _BLANKS.sub(" ", _NOT_STORABLE.sub("", markup))
    return _LINES.sub("\n", text).strip()


def _pieces(markup: str) -> list[str]:
    pieces: list[str] = []
    inside, at = "", 0
    for tag in _TAG.finditer(markup):
        if not inside:
            pieces.append(markup[at : tag.start()])
        name, at = tag[2].lower(), tag.end()
        if tag[1] and name == inside:
            inside = ""
        elif not inside and not tag[1] and name in _NOT_TEXT:
            inside = name
        if name in _LINE_ENDS:
            pieces.append("\n")
    # A script that never ends hides nothing: what follows it may be the citizen's text.
    pieces.append(markup[at:])
    return pieces
