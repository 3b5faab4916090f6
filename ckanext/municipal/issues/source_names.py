"""What a source's YAML says its words mean: statuses, reasons for closing, categories. Pure.

Every name is claimed once: two rules for one name would make it chance which of them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ckanext.municipal.harvest.source_form import Form
from ckanext.municipal.issues.source import (
    ENDED,
    REASONS,
    STATUSES,
    CategoryRule,
    ReasonRule,
    StatusRule,
)
from ckanext.municipal.lib.greek import header_key

PATH_MARK = ">"
"""Between the names of a path, from the top category down: ``Καθαριότητα > Κάδοι``."""

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


def name_key(name: str) -> str:
    """Return what two spellings of a name, or of a path of names, have in common."""
    return f" {PATH_MARK} ".join(header_key(part) for part in name.split(PATH_MARK))


def statuses(form: Form) -> tuple[StatusRule, ...]:
    """Return what each status of the source means: ``open: [name, {name, reason}]``."""
    body = form.form("statuses")
    body.only(STATUSES)
    claimed = _Claimed()
    rules: list[StatusRule] = []
    for status in STATUSES:
        if status in body.content:
            rules += _status_rules(body, status, claimed)
    return tuple(rules)


def _status_rules(body: Form, status: str, claimed: _Claimed) -> list[StatusRule]:
    value = body.content[status]
    if not isinstance(value, list):
        body.wrong(status, value, "a list of names: [name, {name: …, reason: …}]")
        return []
    plain = [name for name in value if isinstance(name, str)]
    claimed.take(body, status, plain)
    rules = [StatusRule(tuple(plain), status)] if plain else []
    for at, one in enumerate(value):
        if isinstance(one, str):
            continue
        entry = Form(body.file, one, body.faults, f"{body.key(status)}[{at}]")
        entry.only(("name", "reason"))
        if status not in ENDED:
            entry.wrong("", one, "a name alone: only what is over has a reason")
        name = entry.text("name", "the name of the status in the source")
        claimed.take(entry, "name", [name])
        rules.append(StatusRule((name,), status, entry.choice("reason", REASONS)))
    return rules


def reasons(form: Form) -> tuple[ReasonRule, ...]:
    """Return which notes or codes of the source tell why a request was closed."""
    body = form.form("close_reasons")
    body.only(REASONS)
    claimed = _Claimed()
    rules = []
    for reason in REASONS:
        names = body.names(reason)
        claimed.take(body, reason, names)
        if names:
            rules.append(ReasonRule(reason, names))
    return tuple(rules)


def categories(form: Form) -> tuple[CategoryRule, ...]:
    """Return the categories with their stable codes: codes are unique, parents exist, no circles."""
    rules: list[CategoryRule] = []
    claimed = _Claimed()
    forms = form.forms("categories", "")
    codes = [one.content.get("code") for one in forms]
    for one in forms:
        one.only(("code", "parent", "title", "names", "sensitive"))
        rule = _category(one, codes)
        claimed.take(one, "names", rule.names)
        rules.append(rule)
    _find_circles(form, rules)
    return tuple(rules)


def _category(form: Form, codes: list[Any]) -> CategoryRule:
    code = form.text("code", "a code of small Latin letters, digits and hyphens, between quotes")
    if code and not _CODE.fullmatch(code):
        form.wrong("code", code, "a code of small Latin letters, digits and hyphens")
    elif code and codes.count(code) > 1:
        form.wrong("code", code, "a code that no other category has")
    parent = form.text("parent", "the code of the category above", "") or None
    if parent and parent not in codes:
        form.wrong("parent", parent, "the code of another category of the list")
    return CategoryRule(
        code=code,
        title=MappingProxyType(form.texts("title")),
        names=form.names("names"),
        parent=parent,
        sensitive=form.flag("sensitive", default=False),
    )


def _find_circles(form: Form, rules: Iterable[CategoryRule]) -> None:
    """Note every category that is above itself."""
    parents: Mapping[str, str | None] = {rule.code: rule.parent for rule in rules}
    for at, code in enumerate(parents):
        above, seen = parents[code], {code}
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above == code:
            name = f"categories[{at}].parent"
            form.wrong(name, parents[code], "a category that is not below this one")


class _Claimed:
    """The names that rules took already, by `name_key`."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}

    def take(self, form: Form, key: str, names: Iterable[str]) -> None:
        """Note every name that is empty or that an earlier rule has."""
        for name in names:
            known = name_key(name)
            if not known.strip(f" {PATH_MARK}"):
                form.wrong(key, name, "a name, between quotes")
            elif known in self._by_key:
                form.wrong(key, name, f"each name once: {self._by_key[known]} has it already")
            self._by_key.setdefault(known, form.key(key))
