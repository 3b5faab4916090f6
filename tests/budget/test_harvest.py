"""Exports put into an inbox, day after day: what the portal then holds, and what it does not write."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from tests.budget.budget_exports import HEADER, ROWS, export

FIRST = "expenses/2016_04_01_22.54.csv"
SECOND = "expenses/2016_04_04_21.29.csv"
THIRD = "expenses/2016_04_05_21.29.csv"
REVENUE = "incomes/2016_04_01_22.54.csv"
REVENUE_HEADER = "Υπηρεσία;Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Διαμορφωθέντα;Βεβαιωθέντα;Εισπραχθέντα"
REVENUE_ROWS = (";0111.01.01;ΜΙΣΘΩΜΑΤΑ;3.091.104,85;3.091.104,85;31.959,60;31.959,60",)


def paid(amount: str) -> list[str]:
    """The export in which the first line has been paid this much."""
    return [f"{ROWS[0].rpartition(';')[0]};{amount}", *ROWS[1:]]


@pytest.fixture
def inbox(make_inbox):
    """An inbox with one day of both sides."""
    inbox = make_inbox()
    inbox.write(FIRST, export())
    inbox.write(REVENUE, export(REVENUE_ROWS, header=REVENUE_HEADER))
    return inbox


def content(inbox) -> dict[str, Any]:
    """Everything that a reader can see, without what tells the time or place of the writing."""
    seen = {}
    for dataset in inbox.datasets():
        tables = {
            table: [
                {key: value for key, value in row.items() if key not in ("_id", "first_seen")}
                for row in sorted(inbox.rows(dataset, table), key=str)
            ]
            for table in ("lines", "execution", "snapshots", "findings")
        }
        fields = ("title_translated", "as_of", "sides", "state")
        hashes = {
            resource["name"]: resource["hash"]
            for resource in dataset["resources"]
            if resource["table"] not in ("snapshots", "datapackage")
        }
        seen[dataset["fiscal_year"]] = [tables, {name: dataset[name] for name in fields}, hashes]
    return json.loads(json.dumps(seen, default=str, sort_keys=True))


def written() -> tuple[int, Any]:
    """What any write to a dataset would change: activities, and when datasets were modified."""
    model.Session.rollback()

    modified = model.Session.query(model.Package.id, model.Package.metadata_modified)
    return sorted(modified.filter_by(type="budget").all())


def test_a_day_of_both_sides_becomes_a_dataset_with_tables_files_and_originals(inbox):
    run = inbox.run()
    assert run["added"] == 1, inbox.errors()
    (dataset,) = inbox.datasets()
    kinds = [resource["table"] for resource in dataset["resources"]]
    assert kinds == [
        "lines",
        "execution",
        "snapshots",
        "findings",
        "lines-json",
        "lines-parquet",
        "execution-json",
        "execution-parquet",
        "lines-long",
        "datapackage",
        "originals",
    ]
    assert dataset["title_translated"]["en"] == "Budget of the Municipality of Thessaloniki 2016"
    lines = inbox.rows(dataset, "lines")
    cemetery = next(row for row in lines if row["service_code"] == "45")
    assert cemetery["committed"] is None, "a blank amount is not zero"
    assert {row["code_raw"] for row in lines} >= {"6011.01.01", "0111.01.01"}


def test_the_same_files_again_write_nothing(inbox):
    inbox.run()
    before = written(), content(inbox)
    for name in (FIRST, REVENUE):  # the same bytes, written again
        inbox.write(name, (inbox.path / name).read_bytes())
    run = inbox.run()
    assert (run["added"], run["updated"]) == (0, 0)
    assert run["unchanged"] + run["skipped"] == 1
    assert (written(), content(inbox)) == before


def test_a_year_that_could_not_be_stored_is_tried_again_by_the_next_run(inbox, monkeypatch):
    """The DataStore was away: no fault of the files, so nobody has to touch them."""
    import sqlalchemy as sa
    from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

    away = sa.create_engine("postgresql://nobody:secret@127.0.0.1:1/nothing")
    with monkeypatch.context() as outage:
        outage.setattr(DatastorePostgresqlBackend, "_get_write_engine", lambda self: away)
        assert inbox.run()["set_aside"] == 1
    assert any("ckan.datastore.write_url" in said for said in inbox.errors())
    assert inbox.run()["added"] == 1, inbox.errors()


def test_the_next_day_adds_only_the_lines_that_changed(inbox):
    inbox.run()
    inbox.write(SECOND, export(paid("5,00")))
    assert inbox.run()["updated"] == 1, inbox.errors()
    (dataset,) = inbox.datasets()
    changes = [r for r in inbox.rows(dataset, "execution") if r["as_of"].startswith("2016-04-04")]
    assert [Decimal(str(row["paid"])) for row in changes] == [Decimal("5.00")]
    assert dataset["as_of"].startswith("2016-04-04")


def test_a_corrected_file_replaces_its_day_as_if_it_had_always_been_right(inbox, make_inbox):
    inbox.write(SECOND, export(paid("5,00")))
    inbox.write(THIRD, export(paid("9,00")))
    inbox.run()
    inbox.write(SECOND, export(paid("6,00")))
    inbox.run()
    corrected = content(inbox)["2016"][0]
    series = [r["paid"] for r in corrected["execution"] if r["service_code"] == "35"]
    assert sorted(map(str, series)) == ["0", "6", "9"] or sorted(
        Decimal(str(p)) for p in series
    ) == [0, 6, 9]
    assert len(corrected["snapshots"]) == 4


def test_files_that_left_the_source_stay_published(inbox):
    inbox.run()
    before = content(inbox)
    (inbox.path / FIRST).unlink()
    inbox.write(SECOND, export(paid("5,00")))
    inbox.run()
    after = content(inbox)["2016"][0]["snapshots"]
    assert {row["file"] for row in after} == {FIRST, SECOND, REVENUE}
    assert before["2016"][0]["snapshots"][0] in after


def test_a_bad_row_is_set_aside_with_line_and_reason_and_the_rest_is_there(inbox):
    rows = [f"Υπηρεσίες πρασίνου;60{n:02}.01.01;ΓΡΑΜΜΗ;1,00;1,00;;;" for n in range(11, 99)]
    inbox.write(SECOND, export([*rows, "Υπηρεσίες πρασίνου;6111.01.01;ΚΑΚΗ;χίλια;1,00;;;"]))
    inbox.run()
    (dataset,) = inbox.datasets()
    (bad,) = [r for r in inbox.rows(dataset, "findings") if r["row"] == len(rows) + 2]
    assert bad["file"] == SECOND
    assert bad["severity"] == "error"
    assert bad["remedy_en"]
    lines = [row for row in inbox.rows(dataset, "lines") if row["side"] == "expenditure"]
    assert len(lines) == len(rows)


def test_a_file_that_is_mostly_bad_is_refused_whole_and_the_others_go_on(inbox):
    inbox.write(SECOND, export(["Υπηρεσίες πρασίνου;6111.01.01;ΚΑΚΗ;χίλια;1,00;;;"] * 3))
    run = inbox.run()
    assert run["added"] == 1
    assert {row["file"] for row in content(inbox)["2016"][0]["snapshots"]} == {FIRST, REVENUE}


def test_a_source_with_nothing_readable_publishes_nothing_and_says_why(make_inbox):
    inbox = make_inbox()
    inbox.write(FIRST, b"<html>Not found</html>")
    run = inbox.run()
    assert run["set_aside"] == 1
    assert inbox.datasets() == []
    (reason,) = inbox.errors()
    assert "αρχείο" in reason, "said in the language of the portal"


def test_a_file_with_headers_only_changes_nothing(inbox):
    inbox.run()
    before = content(inbox)
    inbox.write(SECOND, export([]))
    inbox.run()
    assert content(inbox) == before


def test_a_file_whose_name_says_nothing_is_set_aside_with_the_remedy(inbox):
    inbox.write("expenses/final version (2).csv", export())
    run = inbox.run()
    assert (run["added"], run["set_aside"]) == (1, 1)
    (reason,) = inbox.errors()
    assert "πηγής" in reason, reason


def test_mixed_charts_are_refused(make_inbox):
    inbox = make_inbox()
    inbox.write(FIRST, export([*ROWS, "Γενικές υπηρεσίες;010.2130102001;ΑΜΟΙΒΕΣ;1,00;1,00;;;"]))
    inbox.run()
    assert inbox.datasets() == []
    assert inbox.errors()


def test_a_dataset_deleted_by_hand_is_not_lost_for_good(inbox):
    inbox.run()
    (dataset,) = inbox.datasets()
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("package_delete")({"user": site}, {"id": dataset["id"]})
    inbox.write(SECOND, export(paid("5,00")))
    inbox.run()
    assert len(inbox.datasets()) == 1


def test_what_a_publisher_added_stays(inbox):
    inbox.run()
    (dataset,) = inbox.datasets()
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    extra = {
        "name_translated": {"el": "Έκθεση", "en": "Report"},
        "url": "https://example.org/a.pdf",
    }
    tk.get_action("resource_create")({"user": site}, {"package_id": dataset["id"], **extra})
    inbox.write(SECOND, export(paid("5,00")))
    inbox.run()
    (dataset,) = inbox.datasets()
    assert [r["url"] for r in dataset["resources"]].count("https://example.org/a.pdf") == 1


def test_the_header_names_the_phases_whatever_the_letters_look_like(make_inbox):
    inbox = make_inbox()
    inbox.write(FIRST, export(header=HEADER.replace("Πληρωθέντα", "ΠΛΗΡΩΘENTA")))
    inbox.run()
    (dataset,) = inbox.datasets()
    assert any(row["paid"] is not None for row in inbox.rows(dataset, "lines"))
