"""Sources, schedules and what a failure tells: the parts that need no portal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest import identity, rules
from ckanext.municipal.harvest.scheduler import next_run
from ckanext.municipal.harvest.source import (
    SourceFile,
    SourceInvalid,
    check_common_keys,
    configuration,
    source_files,
)
from ckanext.municipal.harvest.status import describe

HARVESTERS = Path(__file__).parents[2] / "harvesters"
WORDS = st.text(max_size=8)
YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


def test_every_source_that_comes_with_the_package_is_read():
    files = source_files(HARVESTERS)
    assert files
    for file in files:
        assert file.url
        assert file.title("el")


def refusal(function, *arguments) -> str | None:
    """The sentence that refuses, None where nothing is refused; any other error fails the test."""
    try:
        function(*arguments)
    except SourceInvalid as error:
        return error.message("en")
    return None


@given(YAML)
def test_any_yaml_is_a_source_or_a_sentence(config):
    said = refusal(check_common_keys, config, "x.yaml")
    assert said is None or "x.yaml" in said


@given(st.text(max_size=40))
def test_any_stored_configuration_is_refused_with_a_sentence(stored):
    assert refusal(configuration, stored, HARVESTERS)


def test_an_inbox_has_an_address_of_its_own():
    file = SourceFile("a", Path("a.yaml"), {"where": {"inbox": "budget/x"}, "type": "t"})
    assert file.url == "inbox:budget/x"


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_month_later_is_the_same_day_or_the_last_one(now):
    now = now.replace(year=2000 + now.year % 100)
    then = next_run("MONTHLY", now)
    assert (then.year * 12 + then.month) - (now.year * 12 + now.month) == 1
    assert then.day == now.day or (then.day < now.day and (then.day >= 28))
    assert then.time() == now.time()


@pytest.mark.parametrize(("frequency", "days"), [("DAILY", 1), ("WEEKLY", 7), ("BIWEEKLY", 14)])
def test_a_schedule_counts_days(frequency, days):
    now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert (next_run(frequency, now) - now).days == days


@given(st.text(), st.text(), st.text())
def test_ids_of_two_sources_never_meet(one, two, guid):
    assert (identity.dataset_id(one, guid) == identity.dataset_id(two, guid)) == (one == two)


@given(st.text(max_size=300))
def test_any_title_gives_a_name_that_ckan_takes(title):
    name = identity.dataset_name(title, identity.dataset_id("s", title))
    assert 2 <= len(name) <= 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


def test_every_rule_has_a_sentence_and_a_remedy():
    assert len({rule.id for rule in rules.RULES}) == len(rules.RULES) > 10
    for rule in rules.RULES:
        assert rule.message.endswith(".")
        assert rule.remedy.endswith(".")


def test_rate_and_time_left_are_told():
    run = {
        "job_id": "j",
        "started": datetime(2026, 1, 1, 10, tzinfo=UTC),
        "gathered": datetime(2026, 1, 1, 10, 1, tzinfo=UTC),
        "finished": None,
        "outcome": None,
        "attempts": 1,
        "listed": 100,
        "total": 50,
        "worked": 20,
        "added": 20,
        "updated": 0,
        "unchanged": 0,
        "skipped": 50,
        "deleted": 0,
        "set_aside": 0,
        "absent": 0,
        "step": None,
        "messages": [],
    }
    told = describe(run, datetime(2026, 1, 1, 10, 1, 10, tzinfo=UTC))
    assert (told["state"], told["rate"], told["seconds_left"]) == ("loading", 2.0, 15)
    assert told["unchanged"] == 50
