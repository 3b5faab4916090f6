"""Of a request, only what may be stored: fields, texts, departments, and what is odd about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from canonical_city import AT, ATHENS, SOURCE, canonical, found, made, request, row
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest.report import Report
from ckanext.municipal.issues.request import SourceRequest, Step
from ckanext.municipal.issues.tables import schema_of
from ckanext.municipal.quality.findings import Place
from ckanext.municipal.store import lexical

SAID = "Με λένε Μαρία Παπαδοπούλου, τηλ. 6941234567. <b>Τρύπα</b> στον δρόμο"


def test_a_request_becomes_a_row_of_the_table_and_a_row_for_each_step():
    told, events = made(canonical(), request())
    assert set(told) == set(schema_of("requests").names)
    assert (told["status"], told["status_raw"]) == ("closed", "Κλειστό")
    assert told["category_code"] == "cleaning-bins"
    assert told["category_path"] == "cleaning/cleaning-bins"
    assert told["requested"] == AT.replace(tzinfo=UTC).astimezone(ATHENS)
    assert told["days_to_acknowledge"] == Decimal("1.50")
    assert told["days_to_close"] == Decimal("4.00")
    assert told["cell"].startswith("g100:")
    assert (told["votes"], told["comments"]) == (3, 0)
    assert [event["to_status"] for event in events] == ["open", "in_progress", "closed"]
    assert all(set(event) == set(schema_of("events").names) for event in events)


def test_titles_texts_photos_and_streets_are_told_only_where_the_city_says_so():
    said = request(
        title=SAID, description=SAID, photo="https://city.gr/1.jpg", address="Εγνατίας 12"
    )
    assert not any(row(said)[name] for name in ("title", "description", "photo_url", "address"))
    told = row(said, title=True, description=True, photo=True, street=True)
    assert told["photo_url"] == "https://city.gr/1.jpg"
    assert told["address"] == "Εγνατίας"
    for name in ("title", "description"):
        assert "Τρύπα στον δρόμο" in told[name]
        assert not any(word in told[name] for word in ("Μαρία", "6941234567", "<b>"))


@pytest.mark.parametrize(
    "photo", ["javascript:alert(1)", "file:///etc/passwd", "photo.jpg", "http://a b"]
)
def test_a_photo_that_is_no_web_address_is_left_out(photo):
    assert row(request(photo=photo), photo=True)["photo_url"] is None


def test_of_a_sensitive_category_no_place_is_told_nor_what_would_tell_it():
    told = row(
        request(
            category="Νυχτερινή μέριμνα",
            category_path=("Άστεγοι", "Νυχτερινή μέριμνα"),
            district="Δυτικό",
            address="Εγνατίας 12",
            title=SAID,
            description=SAID,
            photo="https://city.gr/1.jpg",
        ),
        title=True,
        description=True,
        photo=True,
        street=True,
    )
    assert told["category_code"] == "homeless-night"
    assert told["cell"] == ""
    names = ("lat", "long", "district", "address", "title", "description", "photo_url")
    assert not any(told[name] for name in names)


@pytest.mark.parametrize(
    "office",
    ["Διεύθυνση Καθαριότητας & Ανακύκλωσης", "Α΄ Κοινότητα", "Streets & Sanitation", "ΔΕΥΑΘ Α.Ε."],
)
def test_a_department_is_told(office):
    assert row(request(agency=office))["agency"] == office


@pytest.mark.parametrize(
    "person",
    [
        "Γεώργιος Παπαδόπουλος",
        "Τμήμα Πρασίνου - Παπαδοπούλου Μαρία",
        "NIKOS ALEXAKIS",
        "κ. Ιωάννου",
        "maria@city.gr",
        "Καθαριότητα 2310123456",
        "x" * 200,
    ],
)
def test_a_department_that_may_be_a_person_is_left_out_and_told(person):
    rows = canonical()
    assert made(rows, request(agency=person))[0]["agency"] is None
    (values,) = found(rows)["issues-agency-left-out"]
    assert values["count"] == 1
    assert person not in str(values)


def test_a_status_channel_or_category_with_personal_data_in_it_is_not_told():
    told = row(
        request(status=SAID, channel="Τηλ. 6941234567", category=SAID, category_path=(SAID,))
    )
    assert told["status_raw"] is None
    assert told["channel"] is None
    assert told["category_code"] == "uncategorised"
    assert "Μαρία" not in str(canonical().categories([told], []))


def test_days_alone_are_told_where_the_city_says_so():
    told, events = made(canonical(days=True), request())
    assert told["requested"] == datetime(2024, 5, 1, tzinfo=ATHENS)
    assert told["days_to_acknowledge"] == Decimal("2.00")
    assert [event["days_in_step"] for event in events] == [Decimal("2.00"), Decimal("2.00"), None]
    assert all(event["at"].hour == event["at"].minute == 0 for event in events)


@pytest.mark.parametrize(
    ("status", "note", "reason"),
    [
        ("Solved", None, "solved"),
        ("Solved", "Transfer to Plumbing", "solved"),
        ("Κλειστό", "completed on 3/5", "solved"),
        ("Κλειστό", "Completed as duplicate", "duplicate"),
        ("Κλειστό", "TRANSFER  TO: Plumbing", "not_responsible"),
        ("Κλειστό", "Διαβιβάστηκε στη ΔΕΥΑ Θεσσαλονίκης", "not_responsible"),
        ("Κλειστό", "αποκατασταθηκε.", "solved"),
        ("Κλειστό", "κάτι άλλο", "unknown"),
        ("Κλειστό", None, "unknown"),
        ("Στο αρχείο", None, "unknown"),
        ("Καταχωρήθηκε", "Completed", None),
    ],
)
def test_why_a_request_was_closed(status, note, reason):
    assert row(request(status=status, close_note=note, steps=()))["close_reason"] == reason


def test_an_unknown_status_is_kept_and_told_once_with_how_many():
    requests = [request(str(n), status="Σε αναμονή", steps=()) for n in range(60)]
    assert row(requests[0])["status_raw"] == "Σε αναμονή"
    assert row(requests[0])["status"] == "open"
    assert row(replace(requests[0], closed=AT + timedelta(days=1)))["status"] == "closed"
    (values,) = found(canonical(), *requests)["issues-status-unknown"]
    assert (values["value"], values["count"]) == ("Σε αναμονή", 60)
    assert values["ids"].startswith("0, 1, 2, ")
    assert values["ids"].endswith(", 49, …")


def test_a_note_is_told_as_an_unknown_reason_only_if_many_requests_have_it():
    often = [request(str(n), close_note="Προωθήθηκε") for n in range(5)]
    once = request("9", close_note="Μίλησα με τη μητέρα του παιδιού")
    assert found(canonical(), *often, once)["issues-reason-unknown"] == [
        {"count": 5, "value": "Προωθήθηκε", "ids": "0, 1, 2, 3, 4"}
    ]


def test_what_is_wrong_with_dates_and_places_names_the_requests():
    nowhere = request("1", lat=None, long=None)
    nothing = request("2", lat=0.0, long=0.0)
    far = request("3", lat=37.97, long=23.72)
    early = request("4", steps=(), closed=AT - timedelta(days=1))
    undated = request("5", requested=None, steps=())
    odd = request("6", requested=datetime(1, 1, 1, tzinfo=UTC), steps=())
    told = found(canonical(), nowhere, nothing, far, early, undated, odd, request("8"))
    ids = {rule: [values["ids"] for values in each] for rule, each in told.items()}
    assert ids["issues-no-coordinates"] == ["1, 2"]
    assert ids["issues-outside"] == ["3"]
    assert ids["issues-closed-before-requested"] == ["4"]
    assert ids["issues-no-date"] == ["5, 6"]
    assert ids["issues-impossible-date"] == ["6"]


def test_a_finding_says_where_the_first_request_stands():
    rows, report = canonical(), Report()
    rows.of(request(lat=None, place=Place("a.csv", row=12)), report)
    rows.of(request("8", lat=None, place=Place("a.csv", row=90)), report)
    rows.tell(report)
    (finding,) = report.findings
    assert (finding.place.file, finding.place.row) == ("a.csv", 12)


def test_what_was_told_is_not_told_again():
    rows, report = canonical(), Report()
    rows.of(request(lat=None), report)
    rows.tell(report)
    rows.tell(report)
    assert report.finding_count == 1


@pytest.mark.parametrize("id", ["", "a\x00b", "x" * 201, "\ud800", "a\nb"])
def test_a_request_without_an_identifier_is_set_aside(id):
    report = Report()
    assert canonical().of(request(id), report) is None
    assert report.quarantined[0].rule.id == "issues-no-id"


def test_a_request_that_says_neither_when_nor_where_it_stands_is_set_aside():
    report = Report()
    nothing = SourceRequest("7", description=SAID)
    assert canonical().of(nothing, report) is None
    assert report.quarantined[0].rule.id == "issues-nothing-said"
    assert canonical().of(replace(nothing, status="Κλειστό"), report)
    assert canonical().of(replace(nothing, requested=AT), report)
    assert canonical().of(replace(nothing, closed=AT), report)


MOMENTS = st.none() | st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, ATHENS, timezone(timedelta(hours=-11))]),
)
TEXTS = (
    st.none() | st.text(st.characters(), max_size=30) | st.sampled_from([SAID, "Κάδοι", "Κλειστό"])
)
STATUSES = st.sampled_from([name for rule in SOURCE.statuses for name in rule.names]) | TEXTS
DEGREES = st.none() | st.floats() | st.floats(40.5, 40.7) | st.floats(22.8, 23.1)
ANY_REQUEST = st.builds(
    SourceRequest,
    id=st.text(st.characters(), max_size=5),
    status=STATUSES,
    category=TEXTS,
    category_path=st.lists(TEXTS.filter(lambda text: text is not None), max_size=3).map(tuple),
    requested=MOMENTS,
    acknowledged=MOMENTS,
    updated=MOMENTS,
    closed=MOMENTS,
    close_note=TEXTS,
    agency=TEXTS,
    title=TEXTS,
    description=TEXTS,
    address=TEXTS,
    district=TEXTS,
    lat=DEGREES,
    long=DEGREES,
    votes=st.none() | st.integers(),
    comments=st.none() | st.integers(),
    photo=TEXTS,
    channel=TEXTS,
    duplicate_of=TEXTS,
    steps=st.lists(
        st.builds(Step, MOMENTS.filter(lambda at: at is not None), STATUSES, TEXTS), max_size=4
    ).map(tuple),
)


@given(said=ANY_REQUEST, days=st.booleans())
def test_whatever_a_request_says_its_rows_can_be_stored_and_are_the_same_again(said, days):
    everything = {"title": True, "description": True, "photo": True, "street": True, "days": days}
    rows = canonical(**everything)
    came = rows.of(said, Report())
    assert came == canonical(**everything).of(said, Report())
    if came is None:
        return
    told, events = came
    categories = list(rows.categories([told], []))
    for table, those in {"requests": [told], "events": events, "categories": categories}.items():
        assert list(lexical.columns(schema_of(table).by_clock(ATHENS), those)) or not those
    assert told["category_code"] in {each["code"] for each in categories}
    moments = [event["at"].timestamp() for event in events]
    assert moments == sorted(moments)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    durations = [told["days_to_acknowledge"], told["days_to_close"]]
    durations += [event["days_in_step"] for event in events]
    assert all(each is None or each >= 0 for each in durations)
    if told["closed"]:
        assert told["status"] in ("closed", "archived", "rejected")
    assert (told["close_reason"] is None) == (told["status"] in ("open", "in_progress"))
    assert "6941234567" not in str(came) + str(categories)
