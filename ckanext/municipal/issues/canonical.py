"""Of a request as the source tells it, the row that may be stored and its events. Pure.

Every field that is told is named here; what is not named cannot come through. Titles, texts, photos
and streets are told only where the city says so, and of a sensitive category never. Texts lose
their markup and the personal data in them; places become cells of a grid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues import history, rules, statistics
from ckanext.municipal.issues.categories import Categories
from ckanext.municipal.issues.labels import label, office
from ckanext.municipal.issues.oddities import Oddities
from ckanext.municipal.issues.places import Places
from ckanext.municipal.issues.request import SourceRequest, Step
from ckanext.municipal.issues.source import ENDED, IssueSource, StatusRule
from ckanext.municipal.issues.tables import Row
from ckanext.municipal.issues.words import Words
from ckanext.municipal.lib.privacy import called, redact
from ckanext.municipal.lib.texts import LANGUAGES
from ckanext.municipal.portal.gazetteer import Gazetteer
from ckanext.municipal.quality.findings import Finding, Rule

UNKNOWN = "unknown"
_LONGEST_ID = 200
_LONGEST_URL = 2_000
_HIGHEST_COUNT = 2**31 - 1


class Canonical:
    """Makes the rows of one source that may be stored: the `Rows` of a walk.

    ``gazetteer`` names the city's districts; ``stored`` are the rows of the table of categories,
    so that codes stay. One is made for each walk; after it, before `Walk.finish`, ``tell`` says to
    the report what was odd about the requests, grouped, with how many of each, and how much personal
    data was taken out of their texts: counts by kind, never what it was.
    """

    def __init__(
        self, source: IssueSource, gazetteer: Gazetteer, stored: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        self._source = source
        self._oddities = Oddities()
        self._taken_out: Counter[str] = Counter()
        self._words = Words(source)
        self._clock = history.Clock(source.zone, source.privacy.days)
        self._places = Places(source, gazetteer, self._oddities)
        self._categories = Categories(source, self._oddities, stored)

    def of(self, request: SourceRequest, report: Report) -> tuple[Row, list[Row]] | None:
        """Return a request's row and its events, with the place that it has by itself.

        None, and a row set aside in the report, for a request without an identifier, and for one
        that says neither when it was made nor where it stands.
        """
        rule = self._words.status(request.status)
        if not _is_storable(request.id):
            return self._refuse(rules.NO_ID, request, report)
        course = history.course(
            request, rule.status if rule else None, self._steps(request), self._clock
        )
        if not rule and not course.events and not course.closed:
            return self._refuse(rules.NOTHING_SAID, request, report)
        row = self._row(request, rule, course)
        self._note(request, rule, row)
        return row, history.rows(request.id, course.events, self._clock)

    def tell(self, report: Report) -> None:
        """Say what was odd about the requests so far, each thing once, and what was taken out."""
        self._oddities.tell(report)
        if self._taken_out:
            counts = {
                language: ", ".join(
                    f"{called(kind, language)} {count:,}"
                    for kind, count in self._taken_out.most_common()
                )
                for language in LANGUAGES
            }
            report.tell(Finding(rules.REDACTED, values={"counts": counts}))
        self._taken_out.clear()

    def categories(self, requests: Iterable[Row], stored: Iterable[Row]) -> Iterable[Row]:
        """Return the table of categories from the stored requests and the table as it is."""
        told = self._source.privacy
        return self._categories.rows(requests, stored, 0 if told.rows else told.k)

    def statistics(self, requests: Iterable[Row]) -> Iterable[Row]:
        """Return the table of figures from the stored requests."""
        return statistics.figures(requests, self._source.zone, self._source.privacy.k)

    def _row(self, request: SourceRequest, rule: StatusRule | None, course: history.Course) -> Row:
        category = self._categories.of(request)
        between = self._clock.between
        return {
            "id": request.id,
            "status": course.status,
            "status_raw": label(request.status or ""),
            "category_code": category.code,
            "category_path": "/".join(self._categories.path(category.code)),
            "requested": course.requested,
            "acknowledged": course.acknowledged,
            "updated": self._clock.moment(request.updated),
            "closed": course.closed,
            "close_reason": self._reason(request, rule, course.status),
            "days_to_acknowledge": between(course.requested, course.acknowledged),
            "days_to_close": between(course.requested, course.closed),
            "agency": self._agency(request),
            **self._places.of(request, sensitive=category.sensitive),
            "votes": _count(request.votes),
            "comments": _count(request.comments),
            **self._texts(request, sensitive=category.sensitive),
            "channel": label(request.channel or ""),
            "duplicate_of": _reference(request.duplicate_of),
        }

    def _texts(self, request: SourceRequest, *, sensitive: bool) -> Row:
        """Title, description and photo; where a place must not be told, they would tell it."""
        told = self._source.privacy
        title = request.title if told.title and not sensitive else None
        description = request.description if told.description and not sensitive else None
        photo = request.photo if told.photo and not sensitive else None
        return {
            "title": self._redacted(title),
            "description": self._redacted(description),
            "photo_url": photo if photo and _is_address(photo) else None,
        }

    def _redacted(self, text: str | None) -> str | None:
        if not text:
            return None
        redacted = redact(text, self._source.language)
        self._taken_out.update(redacted.found)
        return redacted.text or None

    def _agency(self, request: SourceRequest) -> str | None:
        if not request.agency:
            return None
        agency = office(request.agency)
        if agency is None:
            self._oddities.note(rules.AGENCY_LEFT_OUT, request, field="agency")
        return agency

    def _reason(self, request: SourceRequest, rule: StatusRule | None, status: str) -> str | None:
        if status not in ENDED:
            return None
        if rule and rule.reason:
            return rule.reason
        reason = self._words.reason(request.close_note)
        if reason is None and (note := label(request.close_note or "")):
            # A note that many requests have is a word of the program; a rare one may be about a person.
            least = self._source.privacy.k
            self._oddities.note(
                rules.REASON_UNKNOWN, request, note, field="close_note", least=least
            )
        return reason or UNKNOWN

    def _steps(self, request: SourceRequest) -> Iterator[history.Event]:
        """The steps that are about the status. One whose name is not known changes no status."""
        status = history.OPEN
        for step in request.steps:
            at = self._clock.moment(step.at)
            if not step.status or at is None:
                continue
            rule = self._words.status(step.status)
            if rule is None:
                self._unknown_status(request, step)
            status = rule.status if rule else status
            yield history.Event(at, status, label(step.status))

    def _unknown_status(self, request: SourceRequest, said: SourceRequest | Step) -> None:
        self._oddities.note(
            rules.STATUS_UNKNOWN, request, label(said.status or "") or "", field="status"
        )

    def _note(self, request: SourceRequest, rule: StatusRule | None, row: Row) -> None:
        """Note what is odd about the status and the dates of a request."""
        if request.status and rule is None:
            self._unknown_status(request, request)
        said = (request.requested, request.acknowledged, request.closed, request.updated)
        if any(at and self._clock.moment(at) is None for at in said):
            self._oddities.note(rules.IMPOSSIBLE_DATE, request)
        if row["requested"] is None:
            self._oddities.note(rules.NO_DATE, request, field="requested")
        elif row["closed"] and row["days_to_close"] is None:
            self._oddities.note(rules.CLOSED_BEFORE_REQUESTED, request, field="closed")
        elif row["acknowledged"] and row["days_to_acknowledge"] is None:
            self._oddities.note(rules.ACKNOWLEDGED_BEFORE_REQUESTED, request, field="acknowledged")

    def _refuse(self, rule: Rule, request: SourceRequest, report: Report) -> None:
        values = {"id": request.id} if rule is rules.NOTHING_SAID else {}
        report.quarantine(Finding(rule, request.place, values))


def _is_storable(id_: str | None) -> bool:
    return bool(id_) and len(id_ or "") <= _LONGEST_ID and (id_ or "").isprintable()


def _reference(id_: str | None) -> str | None:
    # People write more than a number into such a field; what has blanks in it is a sentence.
    return id_ if id_ and _is_storable(id_) and not any(map(str.isspace, id_)) else None


def _is_address(url: str) -> bool:
    return (
        url.lower().startswith(("https://", "http://"))
        and len(url) <= _LONGEST_URL
        and url.isprintable()
        and " " not in url
    )


def _count(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= _HIGHEST_COUNT else None
