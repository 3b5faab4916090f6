"""Improve My City from a dump of its database: the same requests as over its API."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.improve_my_city import HOUR, START, issue, requests, running, site

from ckanext.municipal.harvest.record import RecordRefused
from ckanext.municipal.issues.sources import improve_my_city_request as one
from ckanext.municipal.issues.sources.improve_my_city_dump import (
    ImproveMyCityDump,
    _entry,
    _Known,
)
from ckanext.municipal.lib.http import Client
from ckanext.municipal.quality.findings import Place
from dev.demo.improve_my_city.site import BINNED, Category, Entry, Site, written


def table(rows, columns, delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([columns, *rows])
    return out.getvalue()


def dumped(made: Site) -> dict[str, str]:
    """Return the tables of a site, as a database's own tool exports them."""
    issues = made.issues.values()
    return {
        "jos_imc_issues": table(
            [
                [i.id, i.title, i.step, i.category, "Παπαδοπούλου Μαρία", i.description, i.address,
                 i.latitude, i.longitude, '{"isnew":1}', i.state, i.moderation, i.access,
                 written(i.created), written(i.updated), 4000 + i.id, 0, i.votes, 2]
                for i in issues
            ],
            ["id", "title", "stepid", "catid", "responsible", "description", "address", "latitude",
             "longitude", "photo", "state", "moderation", "access", "created", "updated",
             "created_by", "hits", "votes", "modality"],
        ),
        "jos_imc_log": table(
            [
                [n, i.id, e.step or "NULL", e.category or "NULL",
                 e.note, "category" if e.category else "step", 1, written(e.at), 42]
                for i in issues
                for n, e in enumerate(i.history)
            ],
            ["id", "issueid", "stepid", "catid", "description", "action", "state", "created",
             "created_by"],
        ),
        "jos_imc_steps": table(made.steps.items(), ["id", "title"]),
        "jos_categories": table(
            [[c.id, c.parent, "com_imc", c.title, 1, c.access] for c in made.categories.values()],
            ["id", "parent_id", "extension", "title", "published", "access"],
        ),
        "jos_imc_comments": table(
            [[n, i.id, said, 1, i.reporter, 0] for i in issues for n, said in enumerate(i.comments)],
            ["id", "issueid", "description", "state", "fullname", "moderation"],
        ),
    }  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """Read a dump: a site, and the tables that differ from what it exports, None for a missing one."""

    def read_it(made: Site, **changes: str | None):
        for name, content in {**dumped(made), **changes}.items():
            if content is not None:
                (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        return list(ImproveMyCityDump(str(tmp_path), Client(), operator=True).walk())

    return read_it


def rich() -> Site:
    made = site(600)
    made.categories[99] = Category(99, "Εσωτερικά", access=3)
    history = (
        Entry(START, 1),
        Entry(START + HOUR, 2, note="Στάλθηκε"),
        Entry(START + 9, category=12),
    )
    made.change(3, history=history, step=2, category=12, comments=("κι εγώ", "ναι"), votes=4)
    made.change(4, state=BINNED)
    made.change(5, moderation=1)
    made.change(6, category=99)
    made.change(7, created=0, address="The address cannot be found")
    made.change(8, description='Λέει "στοπ", αλλά\nδεν φαίνεται; <b>δέντρα</b>')
    return made


def test_a_dump_gives_the_requests_that_the_api_gives(read):
    made = rich()
    with running(made) as city:
        over_api = {r.id: r for r in requests(city.read(page_size=500))}
    from_dump = {
        r.id: replace(r, place=Place("issues"), channel=None) for r in requests(read(made))
    }
    assert from_dump == over_api


def test_nobody_who_reported_or_worked_on_a_request_is_in_it(read):
    told = repr(read(rich()))
    for name in ("Αναφέρων", "Παπαδοπούλου", "Υπαλλήλου"):
        assert name not in told


def test_what_is_not_public_is_named_as_withdrawn(read):
    batches = read(rich())
    assert {id for batch in batches for id in batch.withdrawn} == {"4", "5", "6"}
    assert max(len(batch.requests) for batch in batches) <= 500


@pytest.mark.parametrize("missing", ["jos_imc_issues", "jos_imc_steps", "jos_categories"])
def test_a_dump_without_a_table_says_which(read, missing):
    with pytest.raises(RecordRefused) as refused:
        read(site(3), **{missing: None})
    assert missing.removeprefix("jos_") in refused.value.finding.message("en")


def test_a_dump_without_column_names_says_so(read):
    headless = "\n".join(dumped(site(3))["jos_imc_issues"].splitlines()[1:])
    with pytest.raises(RecordRefused) as refused:
        read(site(3), jos_imc_issues=headless)
    assert "first row" in refused.value.finding.remedy("en")


def test_a_row_with_too_many_cells_is_set_aside_with_its_line(read):
    lines = dumped(site(3))["jos_imc_issues"].splitlines()
    lines[2] += ',"one","more"'
    batches = read(site(3), jos_imc_issues="\n".join(lines))
    assert [r.id for r in requests(batches)] == ["1", "3"]
    (finding,) = [finding for batch in batches for finding in batch.refused]
    assert (finding.rule.id, finding.place.row) == ("imc-row-ragged", 3)


def test_a_dump_without_history_has_requests_without_steps(read):
    made = site(3)
    made.put(issue(9))
    assert {r.steps for r in requests(read(made, jos_imc_log=None))} == {()}


WELL = next(iter(csv.DictReader(io.StringIO(dumped(site(1))["jos_imc_issues"]))))
KNOWN = _Known(
    {"1": "Καταχωρήθηκε"},
    {"11": {"title": "Οδόστρωμα", "access": "1"}},
    {"11": ("Τεχνική υπηρεσία", "Οδόστρωμα")},
    {"1": [{"action": "step", "created": written(START), "stepid_title": "Καταχωρήθηκε"}]},
)
anything = st.none() | st.text(max_size=20) | st.sampled_from(["NULL", "-1", "9" * 30, "1e5", "<b"])


@given(st.dictionaries(st.sampled_from(list(WELL)), anything, max_size=6))
def test_any_cells_are_a_request_or_a_refusal_with_its_line(values):
    came = one.read(_entry({**WELL, **values}, KNOWN), KNOWN.paths, "jos_imc_issues.csv", 7)
    assert came.request or came.withdrawn or came.refused
    for finding in (*came.findings, *([came.refused] if came.refused else [])):
        assert (finding.place.file, finding.place.row) == ("jos_imc_issues.csv", 7)
    public = {"id", "state", "moderation", "access", "catid"}
    assert came.request or set(values) & public


def test_a_file_with_bytes_that_are_no_text_says_so(read):
    with pytest.raises(RecordRefused):
        read(site(3), jos_imc_issues=dumped(site(3))["jos_imc_issues"] + "\x00\x01")
