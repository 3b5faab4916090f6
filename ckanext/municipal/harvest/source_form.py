"""Reading a source's YAML key by key, and telling its author every fault at once.

A `Form` wraps one mapping of the file. Each of its methods takes one key, returns the value in its
type, and notes a fault (file, key, what is wrong, remedy) instead of raising, so that the author
of a YAML is told all of them in one go.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Place, Rule, Severity

MISSING = Rule(
    "source-missing-key",
    Severity.ERROR,
    N_("The source does not say “{key}”."),
    N_("Add “{key}”: {expected}."),
)
UNKNOWN = Rule(
    "source-unknown-key",
    Severity.ERROR,
    N_("The source says “{key}”, which means nothing here."),
    N_("Remove it, or write one of: {known}. Nearest: {nearest}."),
)
WRONG = Rule(
    "source-wrong-value",
    Severity.ERROR,
    N_("“{key}” is {value}, which cannot be used."),
    N_("Write {expected}."),
)
SECRET_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,98}")


class SourceInvalid(ValueError):
    """A source's YAML cannot be used; ``findings`` tell every fault with its key and remedy."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            " ".join(f"{f.place.file}: {f.message('en')} {f.remedy('en')}" for f in findings)
        )


class Form:
    """One mapping of a source's YAML; ``path`` is its place in the file, for the faults."""

    def __init__(self, file: str, content: Any, faults: list[Finding], path: str = "") -> None:
        self.file, self.path, self.faults = file, path, faults
        self.content: dict[str, Any] = {}
        if isinstance(content, Mapping):
            self.content = {str(key): value for key, value in content.items()}
        else:
            self.wrong("", content, "a mapping of keys and values")

    def key(self, name: str) -> str:
        """Return a key's full name in the file, such as ``files[0].pattern``."""
        return f"{self.path}.{name}".strip(".") if name else self.path or "(file)"

    def wrong(self, name: str, value: Any, expected: str) -> None:
        """Note that a key's value cannot be used."""
        self._fault(WRONG, name, value=repr(value)[:80], expected=expected)

    def _fault(self, rule: Rule, name: str, **values: str) -> None:
        key = self.key(name)
        self.faults.append(Finding(rule, Place(self.file, field=key), {"key": key, **values}))

    def only(self, known: Collection[str]) -> None:
        """Note every key that is not one of the known ones, with the nearest that is."""
        for name in self.content:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.5)
                nearest = near[0] if near else "–"
                self._fault(UNKNOWN, name, known=", ".join(sorted(known)), nearest=nearest)

    def text(self, name: str, expected: str, default: str | None = None) -> str:
        """Return a text; a missing one without default is a fault (and "")."""
        value = self.content.get(name, default)
        if value is None:
            self._fault(MISSING, name, expected=expected)
            return ""
        if not isinstance(value, str) or (not value.strip() and value != default):
            self.wrong(name, value, f"{expected} (a text: put it between quotes)")
            return ""
        return value

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """Return one of the choices; anything else is a fault (and the default or "")."""
        expected = "one of: " + ", ".join(choices)
        value = self.text(name, expected, default)
        if value and value not in choices:
            self.wrong(name, value, expected)
            return default or ""
        return value

    def number(self, name: str, low: float, high: float, default: float) -> float:
        """Return a number between two bounds; anything else is a fault (and the default)."""
        value = self.content.get(name, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            self.wrong(name, value, f"a number from {low} to {high}")
            return default
        return value

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        """Return a whole number between two bounds; anything else is a fault (and the default)."""
        value = self.content.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(name, value, f"a whole number from {low} to {high}")
            return default
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false; anything else is a fault (and the default)."""
        value = self.content.get(name, default)
        if not isinstance(value, bool):
            self.wrong(name, value, "true or false")
            return default
        return value

    def secret(self, name: str, *, needed: bool = False) -> str:
        """Return the name of a secret (see `secrets`), written ``{secret: NAME}``; "" for none.

        A secret that stands there itself is a fault, which does not repeat it.
        """
        value = self.content.get(name)
        expected = "{secret: NAME}, NAME being a file of the portal's folder of secrets"
        if value is None:
            if needed:
                self._fault(MISSING, name, expected=expected)
            return ""
        said = value.get("secret") if isinstance(value, Mapping) and len(value) == 1 else None
        if not isinstance(said, str) or not SECRET_NAME.fullmatch(said):
            self._fault(WRONG, name, value="…", expected=f"{expected} (never the secret itself)")
            return ""
        return said

    def form(self, name: str) -> Form:
        """Return the mapping under a key as a form of its own; a missing one is empty."""
        return Form(self.file, self.content.get(name) or {}, self.faults, self.key(name))

    def forms(self, name: str, expected: str) -> list[Form]:
        """Return the mappings of a list; an empty one is a fault unless ``expected`` is ""."""
        value = self.content.get(name) or []
        if not isinstance(value, list):
            self.wrong(name, value, "a list")
            return []
        if not value and expected:
            self._fault(MISSING, name, expected=expected)
        return [
            Form(self.file, one, self.faults, f"{self.key(name)}[{i}]")
            for i, one in enumerate(value)
        ]

    def texts(self, name: str) -> dict[str, str]:
        """Return a text in Greek and English: a mapping with ``el`` and ``en``."""
        if name not in self.content:
            self._fault(MISSING, name, expected="a text in two languages, {el: …, en: …}")
            return {"el": "", "en": ""}
        form = self.form(name)
        form.only(("el", "en"))
        return {language: form.text(language, "the text") for language in ("el", "en")}

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list of names; one that holds anything but texts is a fault (and empty)."""
        value = self.content.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(name, value, "a list of names")
            return ()
        return tuple(value)

    def mapping(self, name: str) -> dict[str, str]:
        """Return a mapping of text to text; numbers as keys are taken as they are written."""
        form = self.form(name)
        for key, value in form.content.items():
            if not isinstance(value, str):
                form.wrong(key, value, "a text (put it between quotes)")
        return {key: value for key, value in form.content.items() if isinstance(value, str)}
