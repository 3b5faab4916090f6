"""Who may see and change what, and by which kind of request."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.municipal.harvest.guard import CHANGES
from ckanext.municipal.harvest.logic import get_actions

PASSWORD = "correct123"
CHANGING_ACTIONS = [
    "harvest_source_create",
    "harvest_source_update",
    "harvest_source_delete",
    "harvest_source_clear",
    "harvest_job_create",
    "harvest_job_abort",
    "harvest_jobs_run",
    "harvest_objects_import",
    "municipal_harvest_confirm_deletions",
    "municipal_harvest_retry",
]


@pytest.fixture
def asked(folder):
    """A source with two datasets and a set-aside record."""
    folder.write(a="Alpha", b="refused")
    folder.run()
    return folder


def changing_urls(folder):
    job = model.Session.query(HarvestJob).filter_by(source_id=folder.id).first()
    return [
        f"/harvest/delete/{folder.id}",
        f"/harvest/delete/{folder.id}?clear=true",
        f"/harvest/clear/{folder.id}",
        f"/harvest/refresh/{folder.id}",
        f"/harvest/city/job/{job.id}/abort",
        f"/harvest/confirm-deletions/{folder.id}",
        f"/harvest/retry/{folder.id}",
    ]


def state(folder):
    model.Session.rollback()
    source = tk.get_action("harvest_source_show")({"ignore_auth": True}, {"id": folder.id})
    jobs = model.Session.query(HarvestJob).filter_by(source_id=folder.id).count()
    return source["state"], jobs, folder.titles()


def test_no_link_changes_anything_and_no_form_without_its_token(asked, app, browse):
    browser = browse(factories.Sysadmin(password=PASSWORD))
    before = state(asked)
    for url in changing_urls(asked):
        assert browser.get(url).status_code in (404, 405), url
        assert browser.client.head(url).status_code in (404, 405), url
        answer = browser.post(url, token=False)
        assert answer.status_code == 400, url
        assert state(asked) == before, url


def test_every_endpoint_that_changes_something_is_guarded(portal, app):
    """Every rule of the harvest pages that takes POST, and ckanext-harvest's that change on GET."""
    app_ = app.flask_app
    ours = {
        rule.endpoint
        for rule in app_.url_map.iter_rules()
        if rule.endpoint.startswith(("harvester.", "municipal_harvest."))
        and ("POST" in rule.methods or rule.endpoint.endswith(("delete", "abort")))
    }
    assert ours == CHANGES


def test_the_buttons_work_for_an_editor(asked, app, browse):
    browser = browse(factories.Sysadmin(password=PASSWORD))
    page = browser.get(f"/harvest/admin/{asked.id}").get_data(as_text=True)
    assert "/harvest/refresh/" in page
    assert 'href="/harvest/clear' not in page
    assert 'href="/harvest/refresh' not in page
    assert browser.post(f"/harvest/retry/{asked.id}").status_code == 200
    assert state(asked)[1] == 2, "trying again starts a run"
    job = model.Session.query(HarvestJob).filter_by(status="Running").one()
    browser.post(f"/harvest/city/job/{job.id}/abort")
    assert model.Session.query(HarvestJob).filter_by(status="Running").count() == 0
    browser.post(f"/harvest/refresh/{asked.id}")
    assert state(asked)[1] == 3
    browser.post(f"/harvest/delete/{asked.id}")
    assert state(asked)[0] == "deleted"
    assert asked.titles() == ["Alpha"]


def test_delete_with_datasets_deletes_the_datasets(asked, app, browse):
    browser = browse(factories.Sysadmin(password=PASSWORD))
    browser.post(f"/harvest/delete/{asked.id}", {"clear": "true"})
    model.Session.rollback()
    assert model.Session.query(model.Package).filter_by(title="Alpha").count() == 0


def test_the_form_of_a_source_deletes_by_a_button(asked, app, browse):
    page = browse(factories.Sysadmin(password=PASSWORD)).get("/harvest/edit/city")
    text = page.get_data(as_text=True)
    assert 'formaction="/harvest/delete/city"' in text
    assert 'href="/harvest/delete' not in text


def test_the_source_page_tells_the_run_and_what_waits(asked, app, browse):
    editor = browse(factories.Sysadmin(password=PASSWORD)).get(f"/harvest/admin/{asked.id}")
    text = editor.get_data(as_text=True)
    assert "is not a title" in text
    assert 'data-count="added">1<' in text
    assert 'data-count="set_aside">1<' in text
    visitor = app.get("/harvest/city").get_data(as_text=True)
    assert 'data-count="added">1<' in visitor
    assert "is not a title" not in visitor


def test_findings_have_a_page_for_editors(make_folder, app, browse):
    folder = make_folder("odd")
    folder.write(a="odd one")
    folder.run()
    browser = browse(factories.Sysadmin(password=PASSWORD))
    assert "Odd title." in browser.get("/harvest/findings/odd").get_data(as_text=True)
    rows = browser.get("/harvest/findings/odd?rows=1").get_data(as_text=True)
    assert "is not a title" in rows
    assert "test-odd" not in rows
    assert app.get("/harvest/findings/odd", status=403)
    assert browser.get("/harvest/findings/nowhere").status_code == 404


def harvest_object(folder):
    """The object of the record that became a dataset: two have the same source, one of them is current."""
    return (
        model.Session.query(HarvestObject)
        .filter_by(harvest_source_id=folder.id, current=True)
        .one()
    )


def may_see(user, **asked):
    context = {"user": user["name"] if user else "", "model": model, "ignore_auth": False}
    try:
        return helpers.call_auth("harvest_object_show", context, **asked)
    except tk.NotAuthorized:
        return False


def test_harvested_content_is_for_editors_of_the_source(asked, portal):
    object_ = harvest_object(asked)
    member, editor, admin = (factories.User() for _ in range(3))
    for user, capacity in ((member, "member"), (editor, "editor"), (admin, "admin")):
        tk.get_action("organization_member_create")(
            {"ignore_auth": True, "user": portal["user"]},
            {"id": portal["org"], "username": user["name"], "role": capacity},
        )
    stranger = factories.User()
    package = model.Session.query(model.Package).filter_by(title="Alpha").one()
    for way in (
        {"id": object_.id},
        {"id": object_.guid, "attr": "guid"},
        {"dataset_id": package.id},
    ):
        seen = [may_see(user, **way) for user in (None, stranger, member, editor, admin)]
        assert seen == [False, False, False, True, True], way


def test_content_of_other_harvesters_stays_as_open_as_it_is(asked, monkeypatch):
    from ckanext.municipal.harvest.logic import auth

    monkeypatch.setattr(auth, "our_types", list)
    assert may_see(None, id=harvest_object(asked).id)


def test_harvested_content_has_no_page_and_no_api_for_strangers(asked, app, browse):
    object_ = harvest_object(asked)
    object_.content = '{"reporter": "the-secret"}'
    model.Session.commit()
    package = model.Session.query(model.Package).filter_by(title="Alpha").one()
    assert object_.package_id == package.id
    addresses = [
        f"/harvest/object/{object_.id}",
        f"/dataset/harvest_object/{package.id}",
        f"/dataset/harvest_object/{package.name}",
        f"/api/3/action/harvest_object_show?id={object_.id}",
        f"/api/3/action/harvest_object_show?attr=guid&id={object_.guid}",
        f"/api/3/action/harvest_object_show?dataset_id={package.name}",
    ]
    stranger = browse(factories.User(password=PASSWORD))
    for address in addresses:
        for answer in (app.test_client().get(address), stranger.get(address)):
            assert answer.status_code == 403, address
            assert "the-secret" not in answer.get_data(as_text=True)
    editor = browse(factories.Sysadmin(password=PASSWORD))
    for address in addresses[:4]:
        assert "the-secret" in editor.get(address).get_data(as_text=True), address


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script> this is no XML",
        '<a><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></a>',
        '{"a": "<script>alert(1)</script>"}',
    ],
)
def test_a_harvested_document_runs_nothing_in_the_portals_name(asked, app, monkeypatch, content):
    from ckanext.municipal.harvest.logic import auth

    monkeypatch.setattr(auth, "our_types", list)  # one of a stock harvester: open to everybody
    object_ = harvest_object(asked)
    object_.content = content
    model.Session.commit()
    answer = app.test_client().get(f"/harvest/object/{object_.id}")
    assert answer.status_code == 200
    assert "alert(1)" in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in app.test_client().get("/harvest/city").headers


def test_no_action_that_changes_something_is_called_by_a_link(asked, app):
    """Stock ckanext-harvest indexes sources anew on GET, one of them for anybody."""
    for name in [*CHANGING_ACTIONS, "harvest_source_reindex", "harvest_sources_reindex"]:
        answer = app.test_client().get(f"/api/3/action/{name}?id={asked.id}")
        assert answer.status_code in (400, 403), name
        assert not getattr(tk.get_action(name), "side_effect_free", False), name


def test_a_source_is_indexed_anew_by_its_editors_alone(asked, portal):
    for user in ("", factories.User()["name"]):
        with pytest.raises(tk.NotAuthorized):
            tk.get_action("harvest_source_reindex")({"user": user}, {"id": asked.id})
        with pytest.raises(tk.NotAuthorized):
            tk.get_action("harvest_sources_reindex")({"user": user}, {})
    assert tk.get_action("harvest_source_reindex")({"user": portal["user"]}, {"id": asked.id})
    assert tk.get_action("harvest_sources_reindex")({"user": portal["user"]}, {})


def test_forms_of_sources_are_refused_without_their_token(asked, browse):
    browser = browse(factories.Sysadmin(password=PASSWORD))
    form = {"title": "Forged", "name": "forged", "url": "https://x.org/", "source_type": "ckan"}
    for address in ("/harvest/new", f"/harvest/edit/{asked.id}"):
        assert browser.post(address, form, token=False).status_code == 400, address
    model.Session.rollback()
    assert model.Session.query(model.Package).filter_by(title="Forged").count() == 0


def test_no_content_is_left_once_a_record_is_settled(asked):
    contents = model.Session.query(HarvestObject.content).all()
    assert [content for (content,) in contents if content] == []


@pytest.mark.parametrize(
    "action",
    [
        "municipal_harvest_findings",
        "municipal_harvest_confirm_deletions",
        "municipal_harvest_retry",
    ],
)
def test_reasons_and_decisions_are_for_editors(asked, action):
    for user in ("", factories.User()["name"]):
        with pytest.raises(tk.NotAuthorized):
            tk.get_action(action)({"user": user}, {"id": asked.id})


def test_progress_is_for_whoever_sees_the_source(asked):
    told = tk.get_action("municipal_harvest_status")({"user": ""}, {"id": "city"})
    assert told["run"]["state"] == "done"
    assert (told["records"], told["set_aside"]) == (2, 1)
    with pytest.raises(tk.ObjectNotFound):
        tk.get_action("municipal_harvest_status")({"user": ""}, {"id": "nowhere"})


def test_every_action_of_ours_has_an_auth_function(portal):
    from ckanext.municipal.harvest.logic import auth

    for name in get_actions():
        if name.startswith("municipal_"):
            assert callable(getattr(auth, name))
