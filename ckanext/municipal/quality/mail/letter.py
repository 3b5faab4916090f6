"""The letter to an owner: what got worse, and what to do about it, in one language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ckanext.municipal.lib.texts import N_, text
from ckanext.municipal.quality.mail.worsening import Worse
from ckanext.municipal.quality.score.fixes import KINDS

MOST = 20
"""So many datasets are told one by one."""
_FIXES = 3
_SUBJECT = N_("{site}: the quality of {n} datasets got worse")
_SUBJECT_OF_ONE = N_("{site}: the quality of a dataset got worse")
_BEGINNING = N_("Of the departments that you look after, this got worse since you were last told:")
_POINTS = N_("Points of 405: {before} before, {now} now.")
_LINKS = N_("Broken links: {before} before, {now} now.")
_LATE = N_("The data is late: it was due on {day}.")
_LEFT = N_("It left the feeds: the European data portal does not see it any more.")
_DO = N_("What to do first:")
_MORE = N_("And {n} more: {url}")
_END = N_("How often you are told, or that you are not, is chosen at {url}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a letter leads to: the portal by name, the list of datasets, a dataset's page (``{name}``), the choice."""

    site: str
    listed: str
    dataset: str
    choice: str


def subject(worse: Sequence[Worse], to: Addresses, language: str) -> str:
    """Return the subject: one line whatever the portal is called."""
    said = _SUBJECT_OF_ONE if len(worse) == 1 else _SUBJECT
    return " ".join(text(said, language, site=to.site, n=len(worse)).split())


def body(worse: Sequence[Worse], to: Addresses, language: str) -> str:
    """Return the text of the letter."""
    parts = [text(_BEGINNING, language)]
    parts += ["\n".join(_of(each, to, language)) for each in worse[:MOST]]
    if len(worse) > MOST:
        parts.append(text(_MORE, language, n=len(worse) - MOST, url=to.listed))
    parts.append(text(_END, language, url=to.choice))
    return "\n\n".join(parts) + "\n"


def _of(each: Worse, to: Addresses, language: str) -> Iterator[str]:
    title = each.line.title.get(language) or each.line.title.get("") or each.line.name
    yield f"* {' '.join(title.split())}"
    yield f"  {to.dataset.replace('{name}', each.line.name)}"
    before, now = each.before, each.now
    if now.points < before.points:
        yield "  " + text(_POINTS, language, before=before.points, now=now.points)
    if now.broken > before.broken:
        yield "  " + text(_LINKS, language, before=before.broken, now=now.broken)
    if now.late and not before.late and each.line.freshness.due:
        yield "  " + text(_LATE, language, day=each.line.freshness.due.isoformat())
    if before.served and not now.served:
        yield "  " + text(_LEFT, language)
    mended = [KINDS[name] for name, gain in each.line.gains.items() if gain and name in KINDS]
    if mended:
        yield "  " + text(_DO, language)
    for number, kind in enumerate(mended[:_FIXES], 1):
        said = text(kind.message, language), text(kind.remedy, language)
        yield f"  {number}. {' '.join(said)}"
