"""Private, draft and deleted budgets: seen by whom they belong to, and by nobody else."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from budget_portal import fill
from ckan import model
from ckan.tests import factories


@pytest.fixture
def inbox(make_inbox):
    inbox = make_inbox("thessaloniki-budget")
    fill(inbox)
    assert inbox.run()["added"] == 1, inbox.errors()
    return inbox


def years(user: str) -> list[int]:
    answer = tk.get_action("municipal_budget_years")({"user": user}, {})
    return [each["year"] for each in answer["years"]]


def reads(user: str) -> bool:
    """Whether any action tells this user anything of 2016."""
    told = []
    for action in ("lines", "tree", "execution"):
        try:
            told.append(tk.get_action(f"municipal_budget_{action}")({"user": user}, {"year": 2016}))
        except (tk.ObjectNotFound, tk.NotAuthorized):
            continue
    assert len(told) in (0, 3)
    return bool(told)


def change(dataset: dict[str, Any], **fields: Any) -> None:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context = {"user": site["name"], "ignore_auth": True}
    tk.get_action("package_patch")(context, {"id": dataset["id"], **fields})
    model.Session.commit()


def test_a_budget_is_seen_by_those_who_may_see_its_dataset(inbox, app, browse):
    (dataset,) = inbox.datasets()
    stranger = factories.User()["name"]
    member = factories.User(password="correct123")
    sysadmin = factories.Sysadmin()["name"]
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    tk.get_action("organization_member_create")(
        {"user": site["name"], "ignore_auth": True},
        {"id": dataset["owner_org"], "username": member["name"], "role": "member"},
    )
    everybody = ("", stranger, member["name"], sysadmin)
    expected = {
        "public": (True, True, True, True),
        "private": (False, False, True, True),
        "draft": (False, False, False, False),
        "deleted": (False, False, False, False),
    }
    states = {
        "public": {},
        "private": {"private": True},
        "draft": {"private": False, "state": "draft"},
        "deleted": {"state": "deleted"},
    }
    for state, fields in states.items():
        if fields:
            change(dataset, **fields)
        assert tuple(map(reads, everybody)) == expected[state], state
        assert tuple(years(user) == [2016] for user in everybody) == expected[state], state
        page = app.get("/budget?year=2016", status=200 if expected[state][0] else 404)
        assert ("450.000,00" in page.get_data(as_text=True)) == expected[state][0], state
        table = app.get("/budget.csv?year=2016", status=200 if expected[state][0] else 404)
        assert ("450000.00" in table.get_data(as_text=True)) == expected[state][0], state
        if state == "private":
            assert "450.000,00" in browse(member).get("/budget").get_data(as_text=True)


def test_pages_are_read_only(inbox, app):
    for url in ("/budget", "/budget.csv", "/budget/line"):
        assert app.post(url).status_code in (400, 405)
