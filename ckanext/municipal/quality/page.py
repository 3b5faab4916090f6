"""What the pages below ``/quality`` show, told by their addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import ckan.plugins.toolkit as tk

from ckanext.municipal.portal import model
from ckanext.municipal.portal.line_chart import Drawing, draw
from ckanext.municipal.quality import listing, reading
from ckanext.municipal.quality.listing import SORTS, STATES, Line, Mending, Sum, Wanted
from ckanext.municipal.quality.score.fixes import KINDS
from ckanext.municipal.quality.score.metrics import Band
from ckanext.municipal.quality.score.readings import Tally

PARAMETERS = ("organization", "band", "state", "fix", "q", "sort", "page")
A_PAGE = 50
FIRST_FIXES = 8
Asked = Mapping[str, str]
_KNOWN = {"band": tuple(map(str, Band)), "state": tuple(STATES), "fix": tuple(KINDS)}
_KNOWN["sort"] = tuple(SORTS)


class NothingThere(Exception):
    """There is no such thing to show; ``reason`` is for the reader."""

    def __init__(self, reason: str, *, status: int = 404) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True, slots=True)
class Course:
    """A score over time: its days with points, the newest last, and the picture of two or more."""

    days: Sequence[tuple[date, Decimal | None]]
    drawing: Drawing | None


@dataclass(frozen=True, slots=True)
class Page:
    """The list of a portal or department: what was asked, sums, what to mend, departments and a page of lines."""

    asked: Asked
    summed: Sum
    tally: Tally
    course: Course
    mendings: Sequence[Mending]
    departments: Sequence[tuple[str, str, Sum]]
    titles: Mapping[str, str]
    lines: Sequence[Line]
    total: int
    number: int

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.total // A_PAGE))


def asked_of(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that an address has, without empty ones. Raises NothingThere (400) for wrong ones."""
    asked = {name: text for name in PARAMETERS if (text := arguments.get(name, "").strip())}
    for name, known in _KNOWN.items():
        if asked.get(name, known[0]) not in known:
            reason = tk._("The address asks for “{value}”, which there is not. There are: {names}.")
            told = reason.format(value=asked[name][:40], names=", ".join(known))
            raise NothingThere(told, status=400)
    number = asked.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) < 7 and int(number)):
        raise NothingThere(tk._("The address names no page; pages count from 1."), status=400)
    return asked


def page_of(asked: Asked) -> Page:
    """Return what the list shows; raises NothingThere for a department that there is not."""
    department = department_of(asked)
    all_lines = reading.lines(department)
    found = chosen(all_lines, asked)
    number = min(int(asked.get("page", "1")), max(1, -(-len(found) // A_PAGE)))
    parts = listing.by_department(all_lines)
    titles = titles_of([name for name in parts if name] + ([department] if department else []))
    return Page(
        asked=asked,
        summed=listing.summed(all_lines),
        tally=reading.tally(department),
        course=course_of([(day, points) for day, _, points in reading.course(department)]),
        mendings=listing.mendings(all_lines)[:FIRST_FIXES],
        departments=sorted(
            ((name, titles.get(name, ""), listing.summed(lines)) for name, lines in parts.items()),
            key=lambda part: (part[2].average or 0, part[0]),
        )
        if not department
        else (),
        titles=titles,
        lines=found[(number - 1) * A_PAGE : number * A_PAGE],
        total=len(found),
        number=number,
    )


def chosen(lines: Sequence[Line], asked: Asked) -> list[Line]:
    """Return the lines that a view lists, in its order."""
    names = ("band", "state", "fix", "q")
    wanted = Wanted(**{n: asked.get(n, "") for n in names}, sort=asked.get("sort", "points"))
    return listing.chosen(lines, wanted)


def department_of(asked: Asked) -> str | None:
    """Return the name of the department that an address is about; raises NothingThere where there is none."""
    name = asked.get("organization")
    if name and not reading.is_department(name):
        raise NothingThere(tk._("There is no department of this name."))
    return name


def titles_of(names: Sequence[str]) -> dict[str, str]:
    """Return the titles of departments in the reader's language, by name."""
    return {
        name: texts.get(tk.h.lang()) or texts.get("") or name
        for name, texts in model.group_titles(names).items()
    }


def course_of(days: Sequence[tuple[date, Decimal | int | None]]) -> Course:
    """Return a course over time; what is not known of a day is a gap."""
    told = [(day, None if points is None else Decimal(points)) for day, points in days]
    moments = [datetime(day.year, day.month, day.day) for day, _ in told]  # noqa: DTZ001 - days
    drawing = draw(moments, {"points": [points for _, points in told]}) if len(told) > 1 else None
    return Course(told, drawing)


def field_label(name: str, of_resource: bool, dataset_type: str) -> str:
    """Return what the form calls a field, in the reader's language; "" for one that it does not show."""
    form = tk.h.scheming_get_dataset_schema(dataset_type) or {}
    for field in form.get("resource_fields" if of_resource else "dataset_fields", ()):
        if field["field_name"] == name and field.get("form_snippet", name) is not None:
            return tk.h.scheming_language_text(field.get("label", name))
    return ""
