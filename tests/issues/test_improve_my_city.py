"""Improve My City over its API: what a walk yields, and that it is all of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from servers import going_wrong as wrong
from servers.improve_my_city import HOUR, START, ids, issue, requests, running, site
from servers.serving import Fault

from ckanext.municipal.harvest.record import TryLater
from ckanext.municipal.issues.request import Step
from ckanext.municipal.issues.sources.improve_my_city import OVERLAP_SECONDS
from ckanext.municipal.issues.sources.improve_my_city_token import Account
from dev.demo.improve_my_city.site import BINNED, HIDDEN, Category, Entry, simple_site

DAY = 24 * HOUR


def test_every_request_is_read_once_and_the_oldest_change_first():
    with running(95) as city:
        batches = city.read()
        assert ids(batches) == list(range(1, 96))
        assert max(len(batch.requests) for batch in batches) <= 10
        assert {batch.total for batch in batches} == {95}


@pytest.mark.parametrize("controller", ["api", "api2"])
def test_both_controllers_understand_the_token(controller):
    with running(3, controller=controller) as city:
        assert ids(city.read()) == [1, 2, 3]
        assert all(f"task={controller}." in request.path for request in city.server.requests)


def test_the_call_that_takes_a_vote_back_is_never_made():
    with running(30) as city:
        cursor = city.read()[-1].cursor
        city.read(cursor)
        assert city.app.votes_taken_back == 0
        assert set(city.app.called) == {"issues", "categories", "modifications", "rawissues"}


def test_a_request_has_its_words_its_place_and_its_history():
    made = simple_site()
    history = (
        Entry(START, 1),
        Entry(START + DAY, 2, note="Προωθήθηκε στο συνεργείο"),
        Entry(START + 2 * DAY, category=12),
        Entry(START + 3 * DAY, 4, note="<p>Αποκαταστάθηκε</p>"),
    )
    made.put(
        issue(
            7,
            title="Σβηστή <b>λάμπα</b> &amp; καλώδιο",
            description="<p>Δεν ανάβει.</p><p>Επί μέρες.</p><script>alert(1)</script>",
            category=12,
            step=4,
            created=START,
            updated=START + 3 * DAY,
            votes=3,
            comments=("κι εγώ", "επίσης"),
            photos=("lamp.jpg",),
            history=history,
        )
    )
    with running(made) as city:
        (request,) = requests(city.read())
    assert request.title == "Σβηστή λάμπα & καλώδιο"
    assert request.description == "Δεν ανάβει.\nΕπί μέρες."
    assert request.category == "Ηλεκτροφωτισμός - Καμένες λάμπες"
    assert request.category_path == ("Τεχνική υπηρεσία", "Ηλεκτροφωτισμός - Καμένες λάμπες")
    assert (request.status, request.close_note) == ("Κλειστό", "Αποκαταστάθηκε")
    assert request.requested == datetime.fromtimestamp(START, UTC)
    assert (request.lat, request.long) == (40.6301, 22.9502)
    assert (request.votes, request.comments) == (3, 2)
    assert request.photo == "https://imc.example.gr/images/imc/7/lamp.jpg"
    at = [datetime.fromtimestamp(entry.at, UTC) for entry in history]
    assert request.steps == (
        Step(at[0], "Καταχωρήθηκε"),
        Step(at[1], "Γνωστοποιήθηκε"),
        Step(at[2], None, "Ηλεκτροφωτισμός - Καμένες λάμπες"),
        Step(at[3], "Κλειστό"),
    )


def test_why_it_was_closed_is_still_known_when_it_is_in_the_archive():
    made = simple_site()
    history = (Entry(START, 1), Entry(START + DAY, 4, note="Αποκαταστάθηκε"), Entry(START + DAY, 5))
    made.put(issue(7, step=5, history=history))
    with running(made) as city:
        (request,) = requests(city.read())
    assert (request.status, request.close_note) == ("Στο αρχείο", "Αποκαταστάθηκε")


def test_nobody_who_reported_or_worked_on_a_request_is_in_it():
    with running(5) as city:
        told = repr(city.read())
    for name in ("Αναφέρων", "Υπαλλήλου", "Παπαδοπούλου", "userid", "imc-guest"):
        assert name not in told


def test_zeros_are_no_date_and_a_missing_address_is_none():
    made = simple_site()
    made.put(issue(1, created=0, updated=0, address="Η διεύθυνση δε βρέθηκε"), issue(2))
    with running(made) as city:
        first, second = requests(city.read())
    assert (first.id, first.requested, first.updated, first.address) == ("1", None, None, None)
    assert second.address == "Ελαιώνων 5, Πόλη"


def test_what_is_hidden_binned_or_in_moderation_is_not_read():
    made = site(9)
    made.change(2, state=HIDDEN)
    made.change(4, state=BINNED)
    made.change(6, moderation=1)
    with running(made) as city:
        assert ids(city.read()) == [1, 3, 5, 7, 8, 9]


def test_a_site_that_lists_what_is_in_moderation_is_not_believed():
    def in_moderation(envelope):
        for entry in envelope["data"]:
            entry["moderation"] = entry["id"] == 3
        return envelope

    with running(5, Fault(wrong.changed(in_moderation), on="issues", times=0)) as city:
        batches = city.read()
    assert ids(batches) == [1, 2, 4, 5]
    assert [batch.withdrawn for batch in batches] == [("3",)]


def test_a_category_for_staff_is_left_out_and_the_rest_is_whole():
    made = site(40)
    made.categories[99] = Category(99, "Εσωτερικά", access=3)
    for number in (3, 4, 17):
        made.change(number, category=99)
    with running(made) as city:
        assert ids(city.read()) == [n for n in range(1, 41) if n not in (3, 4, 17)]


def test_hundreds_changed_in_the_same_second_are_all_read():
    made = site(20)
    made.put(*(issue(n, updated=START + 50 * HOUR) for n in range(100, 180)))
    with running(made) as city:
        assert sorted(ids(city.read())) == [*range(1, 21), *range(100, 180)]


def test_a_request_that_moves_while_it_is_read_is_not_lost():
    with running(60) as city:
        read: dict[str, str | None] = {}
        now = START + 100 * HOUR
        for number, batch in enumerate(city.reader().walk()):
            read |= {request.id: request.status for request in batch.requests}
            if number < 5:
                # Not yet read, the last of all: it moves behind everything.
                city.site.move(35 + number, 2, now + number)
                # Read already: it comes again.
                city.site.move(1 + number, 2, now + 60 + number)
        assert sorted(map(int, read)) == list(range(1, 61))
        moved = {1, 2, 3, 4, 5, 35, 36, 37, 38, 39}
        assert {int(n) for n, status in read.items() if status == "Γνωστοποιήθηκε"} == moved


def test_a_later_walk_reads_what_changed_since():
    with running(200) as city:
        batches = city.read(page_size=50)
        cursor = batches[-1].cursor
        assert cursor == {"updated": START + 200 * HOUR}
        city.site.move(3, 4, START + 201 * HOUR)
        city.site.put(issue(201, updated=START + 202 * HOUR))
        again = city.read(cursor, page_size=50)
        assert {3, 201} <= set(ids(again))
        overlap = OVERLAP_SECONDS // HOUR
        assert len(ids(again)) == overlap + 1 + 2
        assert again[-1].cursor == {"updated": START + 202 * HOUR}


def test_a_clock_in_the_future_does_not_make_the_next_walk_blind():
    with running(20, clock=lambda: START + 30 * HOUR) as city:
        city.site.change(5, updated=START + 10_000 * HOUR)
        cursor = city.read()[-1].cursor
        assert cursor["updated"] <= START + 30 * HOUR + 60


@pytest.mark.parametrize("change", [{"state": HIDDEN}, {"state": BINNED}, {"moderation": 1}])
def test_a_change_that_hides_a_request_withdraws_it(change):
    with running(60) as city:
        cursor = city.read()[-1].cursor
        city.site.change(4, **change, updated=START + 61 * HOUR)
        last = city.read(cursor)[-1]
        assert "4" in last.withdrawn


def test_a_request_that_is_hidden_without_a_note_is_not_present():
    with running(60) as city:
        cursor = city.read()[-1].cursor
        city.site.change(4, state=BINNED)
        city.site.delete(9)
        last = city.read(cursor)[-1]
        assert last.present is not None
        assert set(range(1, 61)) - {int(id) for id in last.present} == {4, 9}


def test_a_list_of_what_is_present_that_is_too_short_is_not_believed():
    short = Fault(wrong.changed(lambda e: {**e, "data": e["data"][:5]}), on="rawissues", times=0)
    with running(60, short) as city:
        cursor = city.read()[-1].cursor
        with pytest.raises(TryLater) as refused:
            city.read(cursor)
    assert refused.value.finding.rule.id == "imc-answer-cut-short"


def test_a_site_whose_clock_is_wrong_accepts_the_token():
    with running(5, clock=lambda: 2_000_000_000.0) as city:
        assert ids(city.read(now=lambda: 1_900_000_000.0)) == [1, 2, 3, 4, 5]


def test_a_wrong_key_is_told_without_being_shown():
    with running(5) as city, pytest.raises(TryLater) as refused:
        city.read(key="another-16-bytes")
    assert refused.value.finding.rule.id == "imc-token-refused"
    assert "another-16-bytes" not in repr(refused.value.finding)


def test_no_secret_is_in_the_text_of_an_account_or_in_the_log(caplog):
    caplog.set_level("DEBUG", "ckanext")
    with running(5) as city:
        city.read()
    account = Account("sixteen-letters!", "reader", "open-sesame")
    assert "sixteen" not in repr(account)
    assert "open-sesame" not in repr(account)
    ours = [record.getMessage() for record in caplog.records if "ckanext" in record.name]
    assert ours
    assert not any("token" in line for line in ours)


def test_a_key_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="16"):
        Account("short")


def test_an_empty_site_gives_nothing():
    with running(0) as city:
        assert ids(city.read()) == []
