"""Owners of departments are told by e-mail what got worse, and nothing else, as often as they choose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from letterbox import Letterbox
from quality_portal import DAILY, THEME, changed, scored, write

from ckanext.municipal.harvest import scheduler
from ckanext.municipal.quality import doctor
from ckanext.municipal.quality.mail import tokens, work
from ckanext.municipal.quality.model.tables import dataset, owner

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues")


@pytest.fixture
def box(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    with Letterbox() as server:
        monkeypatch.setitem(ckan_config, "smtp.server", server.address)
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@example.org")
        yield server


@pytest.fixture
def ann(box: Letterbox, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The administrator of a department with a dataset that is well described; she was told once."""
    monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.mail", "weekly")
    user = factories.User(
        name="ann", fullname="Ann", email="ann@example.org", password="correct123"
    )
    parks = factories.Organization(
        name="parks", users=[{"name": user["name"], "capacity": "admin"}]
    )
    scored("trees", owner_org=parks["id"], theme=THEME, license_id="CC0")
    assert work.send_due() == 0  # the first look
    return user


def a_week_passes() -> None:
    week = sa.text("interval '7 days 1 minute'")
    write(sa.update(owner).values(looked=owner.c.looked - week))


def an_hour_passes() -> None:
    write(sa.update(owner).values(not_before=sa.func.now()))


def text(letter: Any) -> str:
    return letter.get_body(("plain",)).get_content()


def test_nothing_is_sent_while_nothing_gets_worse(box: Letterbox, ann: Any):
    a_week_passes()
    assert work.send_due() == 0
    changed(
        "trees",
        access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    )
    scored("benches", owner_org="parks")
    a_week_passes()
    assert work.send_due() == 0
    assert box.letters == []


def test_lost_points_are_told_with_their_remedies(box: Letterbox, ann: Any):
    before = helpers.call_action("municipal_quality_show", id="trees")["points"]
    changed("trees", theme=[], license_id="")
    now = helpers.call_action("municipal_quality_show", id="trees")["points"]
    assert work.send_due() == 0  # the week is not over
    a_week_passes()
    assert work.send_due() == 1
    [letter] = box.letters
    assert letter["To"] == "Ann <ann@example.org>"
    told = text(letter)
    assert "Τίτλος trees" in told
    assert "http://test.ckan.net/quality/dataset/trees" in told
    assert f"Βαθμοί στους 405: {before} πριν, {now} τώρα." in told
    assert "Δεν έχει άδεια. Επιλέξτε μία, για όλο το σύνολο δεδομένων." in told
    a_week_passes()
    assert work.send_due() == 0  # it was told


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"broken": 2}, "Σπασμένοι σύνδεσμοι: 0 πριν, 2 τώρα."),
        ({"served": False}, "Έφυγε από τις ροές"),
        (
            {"frequency": DAILY, "data_changed": "2020-01-01"},
            "έπρεπε να έχουν αλλάξει έως 2020-01-02",
        ),
    ],
)
def test_links_feeds_and_dates_are_told(box: Letterbox, ann: Any, columns: Any, said: str):
    write(sa.update(dataset).values(**columns))
    a_week_passes()
    assert work.send_due() == 1
    [letter] = box.letters
    assert said in text(letter)


def test_only_owners_are_told_and_only_of_their_own(box: Letterbox, ann: Any):
    for name, capacity in (("ed", "editor"), ("max", "member")):
        user = factories.User(name=name, email=f"{name}@example.org")
        helpers.call_action(
            "organization_member_create", id="parks", username=user["name"], role=capacity
        )
    other = factories.User(name="bob", email="bob@example.org")
    factories.Organization(name="roads", users=[{"name": other["name"], "capacity": "admin"}])
    scored("streets", owner_org="roads", theme=THEME)
    work.send_due()
    changed("streets", theme=[])
    a_week_passes()
    assert work.send_due() == 1
    [letter] = box.letters
    assert "bob@example.org" in letter["To"]
    assert "streets" in text(letter)
    assert "trees" not in text(letter)


def test_what_is_private_is_in_no_letter(box: Letterbox, ann: Any):
    changed("trees", private=True)
    a_week_passes()
    assert work.send_due() == 0
    assert box.letters == []


def test_a_letter_that_cannot_be_sent_is_sent_later_with_all_it_had_to_say(
    box: Letterbox, ann: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
):
    changed("trees", theme=[])
    a_week_passes()
    box.refuses = True
    assert work.send_due() == 0
    box.refuses = False
    assert work.send_due() == 0  # it waits an hour
    an_hour_passes()
    with monkeypatch.context() as changing:
        changing.setitem(ckan_config, "smtp.server", "127.0.0.1:9")  # nobody listens there
        assert work.send_due() == 0
    an_hour_passes()
    assert work.send_due() == 1
    [letter] = box.letters
    assert "trees" in text(letter)


def test_without_a_sender_the_doctor_says_so_and_nothing_is_tried(
    box: Letterbox, ann: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
):
    changed("trees", theme=[])
    a_week_passes()
    assert not list(doctor.mail())
    monkeypatch.setitem(ckan_config, "smtp.mail_from", None)
    assert work.send_due() == 0
    [found] = doctor.mail()
    assert found.rule.id == "doctor-quality-mail"


def test_nobody_is_told_unless_the_operator_says_so(ann, box, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.mail", "off")
    changed("trees", theme=[])
    a_week_passes()
    assert not work.is_due()
    assert work.send_due() == 0


def choose(**said: Any) -> Any:
    return helpers.call_action(
        "municipal_quality_mail_update", context={"user": "ann", "ignore_auth": False}, **said
    )


def test_an_owner_chooses_how_often(box: Letterbox, ann: Any):
    assert choose(every="daily") == {"every": "daily"}
    changed("trees", theme=[])
    write(sa.update(owner).values(looked=owner.c.looked - sa.text("interval '25 hours'")))
    assert work.send_due() == 1
    choose(every="never")
    changed("trees", license_id="")
    a_week_passes()
    assert work.send_due() == 0
    choose(every="weekly")  # what happened meanwhile is not told
    assert work.send_due() == 0
    assert len(box.letters) == 1
    with pytest.raises(tk.ValidationError):
        choose(every="hourly")


def test_the_letter_leads_to_a_page_where_its_reader_chooses_without_signing_in(
    box: Letterbox, ann: Any, app: Any
):
    changed("trees", theme=[])
    a_week_passes()
    work.send_due()
    [letter] = box.letters
    [address] = re.findall(r"http://test\.ckan\.net(/quality/mail\?token=\S+)", text(letter))
    assert address in letter["List-Unsubscribe"]
    client = app.test_client()
    page = client.get(address).get_data(as_text=True)
    assert 'value="weekly" checked' in page
    form = {"every": "never", "token": tokens.made(ann["id"])}
    # CKAN 2.12 asks strangers for it too.
    [key, *_] = re.findall(r'name="_csrf_token"[^>]*?(?:value|content)="([^"]+)"', page)
    form["_csrf_token"] = key
    assert client.post("/quality/mail", data={**form, "every": "x"}).status_code == 400
    assert client.post("/quality/mail", data={**form, "token": "x"}).status_code == 403
    client.post("/quality/mail", data=form)
    assert 'value="never" checked' in client.get(address).get_data(as_text=True)
    assert not work.is_due()


def test_who_is_signed_in_chooses_by_the_form_alone(box: Letterbox, ann: Any, browse: Any):
    browser = browse(ann)
    assert browser.post("/quality/mail", {"every": "never"}, token=False).status_code == 400
    assert 'value="weekly" checked' in browser.get("/quality/mail").text
    assert browser.post("/quality/mail", {"every": "daily"}).status_code == 200
    assert 'value="daily" checked' in browser.get("/quality/mail").text


def test_the_page_is_in_both_languages_and_for_nobody_else(
    box: Letterbox, ann: Any, app: Any, browse: Any
):
    assert "Επιστολές για την ποιότητα" in browse(ann).get("/el/quality/mail").text
    assert "Letters about quality" in browse(ann).get("/en/quality/mail").text
    for wrong in ("", "?token=", "?token=x", f"?token={tokens.made('nobody')}"):
        assert app.get(f"/en/quality/mail{wrong}", status=403).body
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action(
            "municipal_quality_mail_update",
            context={"user": "", "ignore_auth": False},
            every="daily",
        )


def test_the_scheduler_has_letters_sent_by_a_worker(box: Letterbox, ann: Any):
    changed("trees", theme=[], resources=[])
    a_week_passes()
    assert scheduler.tick()
    jobs.Worker().work(burst=True)
    assert len(box.letters) == 1
    assert not work.is_due()


def test_a_name_cannot_add_headers_and_one_bad_address_stops_no_other(box: Letterbox, ann: Any):
    evil = factories.User(name="abe", email="abe@example.org")
    helpers.call_action(
        "organization_member_create", id="parks", username=evil["name"], role="admin"
    )
    work.send_due()
    changed("trees", theme=[])
    a_week_passes()
    user = model.User.__table__
    bad = {
        "fullname": "Abe\r\nBcc: all@example.org",
        "email": "abe@example.org\r\nBcc: all@example.org",
    }
    write(sa.update(user).where(user.c.name == "abe").values(**bad))
    assert work.send_due() == 1
    [letter] = box.letters
    assert "ann@example.org" in letter["To"]
    assert letter["Bcc"] is None
