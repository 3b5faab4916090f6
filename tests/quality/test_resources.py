"""Files of resources are read after each upload or change, and their publishers told, in both languages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from chromium import violations_of
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from faults import FaultServer, answer
from feed_portal import call, make
from quality_portal import rows, write

from ckanext.municipal.harvest import scheduler
from ckanext.municipal.quality.model.tables import file
from ckanext.municipal.quality.resources import work

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues")

WRONG = "Όνομα;Ποσό;Ημερομηνία\n" + "".join(
    f"Έργο {n};{n}.234,50;{n % 28 + 1:02}/03/2024\n" for n in range(1, 40)
)
WRONG += "Έργο 40;άγνωστο;31/02/2024\n"


@pytest.fixture
def user() -> dict[str, Any]:
    return factories.User()


@pytest.fixture
def uploaded(user: dict[str, Any], create_with_upload: Any) -> dict[str, Any]:
    """A resource whose file has one text among amounts and a day that there is not."""
    organisation = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    dataset = factories.Dataset(user=user, owner_org=organisation["id"], resources=[])
    return upload(create_with_upload, dataset, user, WRONG.encode("cp1253"))


def upload(create_with_upload: Any, dataset: Any, user: Any, data: bytes) -> dict[str, Any]:
    of = {"package_id": dataset["id"], "format": "CSV", "context": {"user": user["name"]}}
    return create_with_upload(data, "έργα.csv", **of)


def found(reference: str, user: str = "", **said: Any) -> dict[str, Any]:
    """What is told of the only file, with the rights of a user, of a stranger by default."""
    context = {"user": user, "ignore_auth": False}
    told = helpers.call_action("municipal_quality_findings", context=context, id=reference, **said)
    [only] = told["files"]
    return only


def check_again(resource_id: str, user: str) -> dict[str, Any]:
    context = {"user": user, "ignore_auth": False}
    return helpers.call_action("municipal_quality_check", context=context, id=resource_id)


def test_an_upload_is_read_by_the_worker_and_told_by_row_and_column(uploaded: dict[str, Any]):
    assert found(uploaded["id"])["state"] == "waiting"
    assert scheduler.tick()
    jobs.Worker().work(burst=True)
    told = found(uploaded["id"])
    assert told["state"] == "checked"
    assert told["errors"] >= 1
    assert [table["encoding"] for table in told["tables"]] == ["cp1253"]
    places = {(each["row"], each["field"]) for each in told["findings"]}
    assert {(41, "Ποσό"), (41, "Ημερομηνία")} <= places
    assert all(each["message"]["el"] and each["remedy"]["en"] for each in told["findings"])
    scheduler.tick()
    assert "files" not in str(jobs.get_queue().jobs)


def test_findings_are_chosen_and_paged(uploaded: dict[str, Any]):
    work.check_waiting()
    every = found(uploaded["package_id"])
    errors = found(uploaded["id"], severity="error")
    assert errors["total"] == len([f for f in every["findings"] if f["severity"] == "error"])
    assert {each["severity"] for each in errors["findings"]} == {"error"}
    page = found(uploaded["id"], limit=1, offset=1)
    assert page["findings"] == every["findings"][1:2]
    assert page["total"] == every["total"]
    with pytest.raises(tk.ValidationError, match="severity"):
        found(uploaded["id"], severity="bad")


def test_a_file_is_read_again_when_it_changes_and_no_sooner(
    uploaded: dict[str, Any], user: dict[str, Any], create_with_upload: Any
):
    assert work.check_waiting() == 1
    assert work.check_waiting() == 0
    call("resource_patch", id=uploaded["id"], description="words")
    assert work.check_waiting() == 0
    create_with_upload(
        "Όνομα;Ποσό\nΈργο;5\n".encode(), "έργα.csv", action="resource_patch", id=uploaded["id"],
        context={"user": user["name"]},
    )  # fmt: skip
    assert found(uploaded["id"])["state"] == "waiting"
    assert work.check_waiting() == 1
    rules = {each["rule"] for each in found(uploaded["id"])["findings"]}
    assert {"column-gone", "rows-halved"} <= rules


def test_whoever_may_change_it_has_it_read_again(uploaded: dict[str, Any], user: dict[str, Any]):
    work.check_waiting()
    for name in ("", factories.User()["name"]):
        with pytest.raises(tk.NotAuthorized):
            check_again(uploaded["id"], name)
    assert check_again(uploaded["id"], user["name"]) == {"files": 1}
    assert found(uploaded["id"])["state"] == "waiting"
    assert work.check_waiting() == 1


def test_a_private_file_is_told_to_nobody_else(uploaded: dict[str, Any], user: dict[str, Any]):
    work.check_waiting()
    call("package_patch", id=uploaded["package_id"], private=True)
    with pytest.raises(tk.NotAuthorized):
        found(uploaded["id"])
    assert found(uploaded["id"], user["name"])["state"] == "checked"
    call("resource_delete", id=uploaded["id"])
    with pytest.raises(tk.ObjectNotFound):
        found(uploaded["id"], user["name"])
    work.check_waiting()
    assert rows(sa.select(file)) == []


def test_where_personal_data_is_only_publishers_are_told(
    user: dict[str, Any], create_with_upload: Any
):
    organisation = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    dataset = factories.Dataset(user=user, owner_org=organisation["id"], resources=[])
    lines = "".join(f"{n};κλήση από 69{n:08}\n" for n in range(30))
    made = upload(create_with_upload, dataset, user, f"α/α;Παρατηρήσεις\n{lines}".encode())
    work.check_waiting()
    theirs, others = found(made["id"], user["name"]), found(made["id"])
    personal = {f["rule"] for f in theirs["findings"]} - {f["rule"] for f in others["findings"]}
    assert personal == {"personal-data"}
    assert theirs["warnings"] == others["warnings"] + 1
    assert "6900000" not in str(theirs)


def test_what_cannot_be_had_or_read_is_told_and_stops_nothing(ckan_config: Any, monkeypatch: Any):
    with FaultServer() as server:
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", server.allow)
        gone = server.on("/gone.csv", answer(404, b""))
        page = server.on("/page.csv", answer(200, b"<!doctype html><html><p>Sign in</html>"))
        zeros = server.on("/zeros.csv", answer(200, b"a,b\n1,\x00\x00\n2,x\n"))
        good = server.on("/good.csv", answer(200, b"a,b\n1,2\n"))
        make("one", resources=[{"url": u, "format": "CSV"} for u in (gone, page, zeros, good)])
        assert work.check_waiting() == 4
        assert work.check_waiting() == 0
    told = helpers.call_action("municipal_quality_findings", id="one")["files"]
    assert [each["state"] for each in told][:2] == ["unreadable", "unreadable"]
    assert told[3]["state"] == "checked"
    assert "404" in told[0]["reason"]["en"]
    assert "404" in told[0]["reason"]["el"]


def test_a_file_that_takes_its_process_with_it_is_given_up(uploaded: dict[str, Any]):
    write(sa.delete(file))
    work.check_waiting()
    write(sa.update(file).values(checked=None, tries=work.TRIES, verdict=None))
    assert work.check_waiting() == 1
    told = found(uploaded["id"])
    assert told["state"] == "unreadable"
    assert "έργα.csv" in told["reason"]["el"].lower() or told["reason"]["el"]
    assert str(work.TRIES) in told["reason"]["en"]
    assert work.check_waiting() == 0


def test_kill_9_while_a_file_is_read_loses_nothing(uploaded: dict[str, Any]):
    script = (
        "import sys; from ckan.cli.cli import ckan; from ckanext.municipal.quality.resources import work\n"
        "work.opened = lambda source: (print('reading', flush=True), sys.stdin.read())\n"
        "sys.argv = ['ckan', '-c', sys.argv[1], 'municipal', 'quality', 'files']; ckan()"
    )
    command = [sys.executable, "-c", script, os.environ["CKAN_INI"]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout
            assert any(b"reading" in line for line in running.stdout)
            assert found(uploaded["id"])["state"] == "reading"
            assert work.check_waiting() == 0  # it is another's
            running.send_signal(signal.SIGKILL)
        finally:
            running.kill()
    while not work.check_waiting():
        pass
    assert found(uploaded["id"])["state"] == "checked"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("el", ["Ποιότητα του αρχείου", "Σφάλμα", "Ημερομηνία", "Ελέγξτε το ξανά"]),
        ("en", ["Quality of the file", "Error", "Ημερομηνία", "Check again"]),
    ],
)
def test_the_page_of_a_file_says_what_to_fix(app, uploaded, user, language, words):
    work.check_waiting()
    headers = {"Authorization": factories.APIToken(user=user["name"])["token"]}
    body = app.get(f"/{language}/quality/file/{uploaded['id']}", headers=headers).body
    assert [word for word in words if word not in body] == []
    of = app.get(f"/{language}/dataset/{uploaded['package_id']}/resource/{uploaded['id']}")
    assert f"/{language}/quality/file/{uploaded['id']}" in of.body
    assert words[-1] not in app.get(f"/{language}/quality/file/{uploaded['id']}").body
    assert app.get(f"/{language}/quality/file/none", status=404)


def test_axe_finds_nothing_on_the_page_of_a_file(app, uploaded, browser_tools, tmp_path):
    work.check_waiting()
    of = f"/quality/file/{uploaded['id']}"
    resource = f"/dataset/{uploaded['package_id']}/resource/{uploaded['id']}"
    assert violations_of(app.app, browser_tools, tmp_path, of, resource) == {}
