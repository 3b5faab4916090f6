"""Private, draft and deleted requests: seen by whom they belong to, and by nobody else, at any address."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories

from ckanext.municipal.issues.logic import action, auth
from ckanext.municipal.issues.plugin import MunicipalIssuesPlugin
from tests.issues.published_requests import figures, publish, request

CANARY = "secret-canary"
COUNT = 98765
ASKED = {
    "municipal_issue_search": {},
    "municipal_issue_show": {"id": CANARY},
    "municipal_issue_statistics": {"by": "month,year,category,district"},
    "municipal_issue_categories": {},
    "municipal_issue_cells": {},
}
PAGES = (
    "/issues",
    f"/issues?q={CANARY}",
    "/issues?sort=-votes&status=open",
    f"/issues/request/{CANARY}",
    "/issues.csv",
    "/issues/figures.csv?by=category",
    "/issues/map.geojson",
    "/issues/map.csv",
    f"/issues/course.csv?id={CANARY}",
)
PUBLIC_ONLY = (
    "/issues/feed.atom",
    "/issues/feed.atom?category=cleaning",
    "/open311/v2/requests.json",
    f"/open311/v2/requests/{CANARY}.xml",
    "/open311/v2/discovery.json",
)


def told(user: str) -> list[str]:
    """The actions that tell a user anything."""
    found = []
    for name, query in ASKED.items():
        try:
            tk.get_action(name)({"user": user}, dict(query))
        except (tk.ObjectNotFound, tk.NotAuthorized):
            continue
        found.append(name)
    return found


def change(dataset: dict[str, Any], **fields: Any) -> None:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context: Any = {"user": site["name"], "ignore_auth": True}
    tk.get_action("package_patch")(context, {"id": dataset["id"], **fields})
    model.Session.commit()


def without_question(html: str) -> str:
    """A page without what it repeats of its own address."""
    for said in (f"request/{CANARY}", f"q={CANARY}", f"id={CANARY}", f'value="{CANARY}"'):
        html = html.replace(said, "")
    return html


def test_requests_are_seen_by_those_who_may_see_their_dataset(fresh_site, app, browse):
    rows = [request(CANARY, title=CANARY), *(request(f"{n}", votes=9) for n in range(6))]
    statistics = [figures(COUNT, COUNT, COUNT), figures(COUNT, 9, 9, category="cleaning")]
    dataset = publish(rows, statistics=statistics)
    department = dataset["owner_org"]
    stranger = factories.User(password="correct123")
    member = factories.User(password="correct123")
    elsewhere = factories.User(password="correct123")
    factories.Organization(users=[{"name": elsewhere["name"], "capacity": "admin"}])
    sysadmin = factories.Sysadmin(password="correct123")
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    tk.get_action("organization_member_create")(
        {"user": site["name"], "ignore_auth": True},
        {"id": department, "username": member["name"], "role": "member"},
    )
    browsers = {each["name"]: browse(each) for each in (stranger, member, elsewhere, sysadmin)}
    states = {
        "public": {},
        "private": {"private": True},
        "draft": {"private": False, "state": "draft"},
        "deleted": {"state": "deleted"},
    }
    for state, fields in states.items():
        if fields:
            change(dataset, **fields)
        may = {"public": {"", *browsers}, "private": {member["name"], sysadmin["name"]}}
        for user in ("", *browsers):
            seen = user in may.get(state, set())
            assert told(user) == (list(ASKED) if seen else []), (state, user)
            for url in (*PAGES, *PUBLIC_ONLY):
                answer = browsers[user].get(url) if user else app.get(url)
                html = without_question(answer.get_data(as_text=True))
                leaks = CANARY in html or f"{COUNT}" in html.replace(",", "").replace(".", "")
                visible = seen if url in PAGES else state == "public"
                if not visible:
                    assert not leaks, (state, user, url)
                    listed = url == "/open311/v2/discovery.json"
                    empty = url == "/issues"  # it says that nothing is published
                    assert answer.status_code == (200 if listed or empty else 404), (state, url)
                elif url not in ("/open311/v2/discovery.json", "/issues/map.csv"):
                    assert answer.status_code == 200, (state, user, url)
            header = (browsers[user] if user else app).get("/about").get_data(as_text=True)
            assert ('href="/issues"' in header) == (state == "public"), (state, user)
    assert "6114" not in app.get("/open311/v2/discovery.json").get_data(as_text=True)


def test_what_is_made_for_somebody_is_kept_by_no_cache(fresh_site, app, browse):
    publish([request(f"{n}") for n in range(6)], private=True, statistics=[figures(9, 9, 9)])
    sysadmin = browse(factories.Sysadmin(password="correct123"))
    for url in PAGES:
        answer = sysadmin.get(url.replace(CANARY, "1"))
        assert answer.status_code == 200, url
        assert "private" in answer.headers["Cache-Control"], url
        assert "public" not in answer.headers["Cache-Control"], url


def test_every_action_has_its_auth_function_and_only_reads(with_plugins):
    plugin = MunicipalIssuesPlugin()
    assert set(plugin.get_actions()) == set(plugin.get_auth_functions()) == set(ASKED)
    assert set(action.__all__) == set(auth.__all__) == set(ASKED)
    for name, function in plugin.get_actions().items():
        assert getattr(function, "side_effect_free", False), name
