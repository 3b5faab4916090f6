"""The actions of metadata quality: what they tell, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from feed_portal import make
from quality_portal import DAILY, THEME, a_day_passes, changed, department, scored

from ckanext.municipal.quality.score.metrics import METRICS, TOTAL

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def ask(action: str, user: str = "", **said: Any) -> Any:
    """Call an action with the rights of a user, of a stranger by default."""
    context = {"user": user, "ignore_auth": False}
    return helpers.call_action(f"municipal_quality_{action}", context=context, **said)


def test_a_dataset_is_told_metric_by_metric():
    made = scored("one", theme=THEME, license_id="CC0")
    told = ask("show", id="one")
    assert (told["id"], told["name"], told["of"]) == (made["id"], "one", TOTAL)
    assert [each["id"] for each in told["metrics"]] == list(METRICS)
    met = [each["points"] for each in told["metrics"] if each["state"] == "met"]
    assert told["points"] == sum(met)
    assert told["points"] == sum(part["points"] for part in told["dimensions"].values())
    assert sum(part["of"] for part in told["dimensions"].values()) == TOTAL
    gains = [each["gain"] for each in told["fixes"]]
    assert gains == sorted(gains, reverse=True)
    assert all(each["message"]["el"] and each["remedy"]["en"] for each in told["fixes"])
    assert told["links"] == [
        {"url": "https://example.org/one.csv", "state": "unknown", "strikes": 0}
    ]
    assert ask("show", id=made["id"]) == told
    json.dumps(told)


def test_the_cheapest_way_reaches_the_next_verdict():
    scored("one", resources=[])
    told = ask("show", id="one")
    assert told["band"] == "bad"
    gain = {each["id"]: each["gain"] for each in told["fixes"]}
    way = told["way"]
    assert way["band"] == "sufficient"
    assert told["points"] + sum(gain[name] for name in way["fixes"]) >= 121
    assert all(
        told["points"] + sum(gain[name] for name in way["fixes"] if name != left) < 121
        for left in way["fixes"]
    )
    assert way["points"] >= 121


def test_many_are_summed_up_by_department_and_in_both_readings():
    parks = department("parks", "Πράσινο", "Parks")
    scored("trees", owner_org=parks["id"], theme=THEME, license_id="CC0")
    scored("benches", owner_org=parks["id"])
    scored("alone")
    told = ask("show")
    points = {each["name"]: each["points"] for each in told["results"]}
    assert told["datasets"] == told["total"] == 3
    assert list(points) == sorted(points, key=lambda name: (points[name], name))
    assert told["readings"]["average"] == pytest.approx(sum(points.values()) / 3, abs=0.05)
    assert 0 < told["readings"]["population"] <= TOTAL
    assert sum(told["bands"].values()) == 3
    assert {each["name"]: each["datasets"] for each in told["departments"]} == {"parks": 2, "": 1}
    of_parks = ask("show", organization="parks")
    assert {each["name"] for each in of_parks["results"]} == {"trees", "benches"}
    average = (points["trees"] + points["benches"]) / 2
    assert of_parks["readings"]["average"] == pytest.approx(average, abs=0.05)


def test_mendings_of_many_are_ordered_by_what_they_gain_together():
    scored("one")
    scored("two", theme=THEME)
    told = ask("show")
    by_id = {each["id"]: each for each in told["fixes"]}
    assert by_id["theme"]["datasets"] == 1
    assert by_id["licence"]["datasets"] == 2
    each_gain = {fix["id"]: fix["gain"] for fix in ask("show", id="one")["fixes"]}
    assert by_id["licence"]["gain"] == 2 * each_gain["licence"]
    gains = [each["gain"] for each in told["fixes"]]
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"fix": "theme"}, {"late", "plain"}),
        ({"state": "late"}, {"late"}),
        ({"state": "unknown"}, {"themed", "plain"}),
        ({"state": "refused"}, set()),
        ({"band": "excellent"}, set()),
        ({"q": "ΤΙΤΛΟΣ themed"}, {"themed"}),
        ({"q": "nowhere"}, set()),
        ({"limit": 1, "sort": "name"}, {"late"}),
        ({"limit": 1, "offset": 1, "sort": "name"}, {"plain"}),
        ({"limit": 1, "sort": "-points"}, {"themed"}),
        ({"limit": 1, "sort": "late"}, {"late"}),
    ],
)
def test_a_list_is_narrowed_down_and_ordered(asked: dict[str, Any], names: set[str]):
    scored("themed", theme=THEME)
    scored("plain")
    scored("late", frequency=DAILY, modified="2020-01-01", resources=[])
    assert {each["name"] for each in ask("show", **asked)["results"]} == names


@pytest.mark.parametrize(
    "wrong",
    [
        {"band": "superb"},
        {"state": "lost"},
        {"fix": "everything"},
        {"sort": "colour"},
        {"limit": 1001},
        {"limit": -1},
        {"offset": "x"},
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(wrong: dict[str, Any]):
    with pytest.raises(tk.ValidationError) as refused:
        ask("show", **wrong)
    assert set(refused.value.error_dict) == set(wrong)


def test_what_there_is_not_is_told_as_such():
    with pytest.raises(tk.ObjectNotFound):
        ask("show", id="nothing")
    with pytest.raises(tk.ObjectNotFound):
        ask("history", id="nothing")
    for action in ("show", "history"):
        with pytest.raises(tk.ObjectNotFound):
            ask(action, organization="nobody")


def test_a_private_dataset_is_told_to_nobody_and_named_to_no_stranger():
    user = factories.User()
    group = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    scored("open", owner_org=group["id"])
    make("hidden", private=True, owner_org=group["id"])
    changed("open", private=True)
    for name in ("open", "hidden"):
        with pytest.raises(tk.NotAuthorized):
            ask("show", id=name)
        with pytest.raises(tk.NotAuthorized):
            ask("history", id=name)
        with pytest.raises(tk.ObjectNotFound, match="not public"):
            ask("show", id=name, user=user["name"])
    told = ask("show", organization=group["name"])
    assert told["datasets"] == told["total"] == 0
    assert told["departments"] == told["fixes"] == told["results"] == []


def test_history_tells_the_days_on_which_something_changed():
    scored("one")
    first = ask("show", id="one")["points"]
    a_day_passes()
    changed("one", theme=THEME, license_id="CC0")
    second = ask("show", id="one")["points"]
    told = ask("history", id="one")["days"]
    assert [day["points"] for day in told] == [first, second]
    assert told[0]["day"] < told[1]["day"]
    assert [day["points"] for day in ask("history")["days"]] == [first, second]
    assert [day["datasets"] for day in ask("history")["days"]] == [1, 1]


def test_rules_name_every_metric_and_every_mending():
    told = ask("rules")
    assert sum(each["points"] for each in told["metrics"]) == TOTAL
    fixes = {each["id"] for each in told["fixes"]}
    assert {each["fix"] for each in told["metrics"]} <= fixes
    assert {each["id"]: each["from"] for each in told["bands"]} == {
        "bad": 0,
        "sufficient": 121,
        "good": 221,
        "excellent": 351,
    }
    assert all(each["message"]["el"] and each["remedy"]["el"] for each in told["rules"])


def test_every_action_is_there_by_get_and_for_strangers(app: Any):
    scored("one")
    for name, query in (("show", "?id=one"), ("history", ""), ("rules", "")):
        answer = app.get(f"/api/3/action/municipal_quality_{name}{query}")
        assert answer.json["success"]
