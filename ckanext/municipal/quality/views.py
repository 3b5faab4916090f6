"""Pages of metadata quality: the portal, a department, a dataset; each table as CSV, badges as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import flask

from ckanext.municipal.lib.texts import texts
from ckanext.municipal.portal.forms import check_token
from ckanext.municipal.quality import config, dqv, page_table, reading
from ckanext.municipal.quality.listing import summed
from ckanext.municipal.quality.mail import tokens
from ckanext.municipal.quality.model import owners
from ckanext.municipal.quality.model.connection import connection
from ckanext.municipal.quality.page import (
    NothingThere,
    asked_of,
    chosen,
    course_of,
    department_of,
    page_of,
)
from ckanext.municipal.quality.score.metrics import BANDS, TOTAL, Band, band
from ckanext.municipal.store.shown import csv_answer

_HOUR = 3600
_FINDINGS = 500


def index() -> Any:
    """Show the portal, or a department: sums, trend, what to mend first, and its datasets."""
    asked = asked_of(tk.request.args)
    return tk.render("quality/index.html", {"page": page_of(asked)})


def table() -> Any:
    """Send all the datasets that the page with the same parameters lists, as CSV."""
    asked = asked_of(tk.request.args)
    lines = chosen(reading.lines(department_of(asked)), asked)
    return csv_answer("quality.csv", page_table.lines_table(lines))


def course() -> Any:
    """Send the course of the average as CSV."""
    asked = asked_of(tk.request.args)
    days = reading.course(department_of(asked))
    return csv_answer("quality-course.csv", page_table.course_table(days))


def dataset(reference: str) -> Any:
    """Show everything that is known of a dataset."""
    of, told = _of(reference)
    days = course_of([(day, points["points"]) for day, points in reading.course_of(of["id"])])
    shown = tk.get_action("package_show")({}, {"id": of["id"]})
    values: dict[str, Any] = {"pkg": shown, "told": told, "course": days}
    values["may_edit"] = tk.h.check_access("package_update", {"id": of["id"]})
    return tk.render("quality/dataset.html", values)


def dataset_graph(reference: str, form: str) -> Any:
    """Send everything that is measured of a dataset as RDF, by the Data Quality Vocabulary."""
    with _or_nothing_there():
        measured = reading.measured({}, reference)  # type: ignore[arg-type]
    answer = flask.make_response(dqv.document(measured, form))
    answer.content_type = dqv.FORMS[form][1]
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.last_modified = measured.changed
    answer.add_etag()
    return answer.make_conditional(tk.request)


def mail() -> Any:
    """Show how often somebody is told what got worse, or keep another choice."""
    token = tk.request.values.get("token", "")
    person = tokens.person(token, tk.g.user)
    if person is None:
        raise NothingThere(
            tk._("Sign in, or use the address of a letter, to choose how often you are told."),
            status=403,
        )
    if tk.request.method == "POST":
        return _mail_chosen(token)
    with connection() as ours:
        chosen_by = owners.choice(ours, person.id) or config.mail() or owners.NEVER
    values = {"every": chosen_by, "token": token, "person": person.display_name}
    return tk.render("quality/mail.html", values)


def _mail_chosen(token: str) -> Any:
    """Keep what a form chose."""
    check_token()
    said = {"every": tk.request.form.get("every", ""), "token": token}
    try:
        tk.get_action("municipal_quality_mail_update")({}, said)
    except tk.ValidationError:
        raise NothingThere(tk._("Choose one of what is offered."), status=400) from None
    tk.h.flash_success(tk._("Your choice is kept."))
    return tk.redirect_to("municipal_quality.mail", token=token or None)


def dataset_badge(reference: str) -> Any:
    """Send the badge of a dataset."""
    _, told = _of(reference)
    return _badge(str(told["points"]), Band(told["band"]))


def badge() -> Any:
    """Send the badge of the portal or a department."""
    average = summed(reading.lines(department_of(asked_of(tk.request.args)))).average
    points = round(average) if average is not None else None
    return _badge("–" if points is None else str(points), band(points or 0))


def file(resource_id: str) -> Any:
    """Show what was found in a file, or have it read again."""
    with _or_nothing_there():
        if tk.request.method == "POST":
            check_token()
            tk.get_action("municipal_quality_check")({}, {"id": resource_id})
            tk.h.flash_success(tk._("The file is read again."))
            return tk.redirect_to("municipal_quality.file", resource_id=resource_id)
        asked = {"id": resource_id, "limit": _FINDINGS}
        found = tk.get_action("municipal_quality_findings")({}, asked)
        of = tk.get_action("package_show")({}, {"id": found["dataset"]["id"]})
    shown = next((each for each in of["resources"] if each["id"] == resource_id), None)
    if shown is None or not found["files"]:
        raise NothingThere(tk._("The file of this resource is none that is checked."))
    may_edit = tk.h.check_access("package_update", {"id": of["id"]})
    values = {"pkg": of, "resource": shown, "told": found["files"][0], "may_edit": may_edit}
    return tk.render("quality/file.html", values)


def _badge(points: str, verdict: Band) -> flask.Response:
    """A picture for other pages: it has to stand alone, so its colours are in it."""
    values = {
        "points": points,
        "of": TOTAL,
        "band": verdict.value,
        "verdict": texts(BANDS[verdict]),
    }
    answer = flask.make_response(tk.render("quality/badge.svg", values))
    answer.content_type = "image/svg+xml; charset=utf-8"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.cache_control.max_age = _HOUR
    return answer


def _of(reference: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A dataset and its quality."""
    with _or_nothing_there():
        return reading.dataset({}, reference, "municipal_quality_show")  # type: ignore[arg-type]


@contextmanager
def _or_nothing_there() -> Iterator[None]:
    """Whoever may not see a dataset learns no more than that it is not there."""
    try:
        yield
    except tk.NotAuthorized:
        raise NothingThere(tk._("There is no such dataset here.")) from None
    except tk.ObjectNotFound as error:
        raise NothingThere(error.message or tk._("There is no such dataset here.")) from None


def get_blueprints() -> list[flask.Blueprint]:
    """Return the pages of plugin ``municipal_quality``."""
    pages = flask.Blueprint("municipal_quality", __name__)
    for address, view in (
        ("/quality", index),
        ("/quality.csv", table),
        ("/quality/course.csv", course),
        ("/quality/badge.svg", badge),
        ("/quality/dataset/<reference>", dataset),
        ("/quality/dataset/<reference>/badge.svg", dataset_badge),
        (f"/quality/dataset/<reference>.<any({','.join(dqv.FORMS)}):form>", dataset_graph),
    ):
        pages.add_url_rule(address, view.__name__, _or_nothing(view))
    address = "/quality/file/<resource_id>"
    pages.add_url_rule(address, "file", _or_nothing(file), methods=["GET", "POST"])
    pages.add_url_rule("/quality/mail", "mail", _or_nothing(mail), methods=["GET", "POST"])
    return [pages]


def _or_nothing(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that says on a page why there is nothing to show."""

    def shown(**parts: str) -> Any:
        try:
            return view(**parts)
        except NothingThere as nothing:
            return tk.render("quality/nothing.html", {"reason": nothing.reason}), nothing.status

    return shown
