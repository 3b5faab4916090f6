"""``ckan municipal quality``: what an operator types, and what is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.cli.cli import ckan
from faults import FaultServer, answer
from quality_portal import THEME, all_due, scored

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def quality(cli) -> Any:
    """Run a command of quality; returns its exit code and what it said."""

    def run(*words: str) -> tuple[int, str]:
        result = cli.invoke(ckan, ["municipal", "quality", *words])
        return result.exit_code, result.output

    return run


def test_check_tells_points_dimensions_and_what_to_mend(quality: Any):
    scored("one", theme=THEME)
    code, told = quality("check", "one")
    assert code == 0
    assert "/ 405  Επαρκής" in told
    assert "/ 110  Διαλειτουργικότητα" in told
    assert "Δεν έχει άδεια. Επιλέξτε μία, για όλο το σύνολο δεδομένων." in told


def test_check_as_json_is_what_the_action_tells(quality: Any, app: Any):
    scored("one")
    code, told = quality("check", "one", "--json")
    shown = app.get("/api/3/action/municipal_quality_show?id=one").json["result"]
    assert code == 0
    assert json.loads(told[told.index("{") :]) == shown


def test_check_ends_with_one_where_an_error_is_found(quality: Any):
    scored("first", uri="https://example.org/id/1")
    scored("second", uri="https://example.org/id/1")
    assert quality("check", "first")[0] == 0
    code, told = quality("check", "second")
    assert code == 1
    assert "error: " in told


def test_check_of_what_there_is_not_is_a_sentence(quality: Any):
    code, told = quality("check", "nothing")
    assert code == 1
    assert told.startswith("Error: ")
    assert "Traceback" not in told


def test_links_asks_what_is_due_and_what_is_named(
    quality: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ckan_config, "ckanext.municipal.quality.pause", "0")
    with FaultServer() as server:
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", server.allow)
        good, gone = (
            server.on("/good", answer(200, b"a,b", content_type="text/csv")),
            server.on("/gone", answer(404)),
        )
        scored("good", resources=[{"url": good, "format": "CSV"}])
        scored("gone", resources=[{"url": gone, "format": "CSV"}])
        code, told = quality("links")
        assert code == 0
        assert f"ok       200  {good}" in told
        assert f"404  {gone}" in told
        assert "2 addresses asked" in told
        assert "0 addresses asked" in quality("links")[1]
        assert "1 addresses asked" in quality("links", "--dataset", "good")[1]
        for _ in range(2):
            all_due()
            quality("links")
        code, told = quality("check", "gone")
        assert code == 1
        assert f"{gone} δεν απάντησε τρεις φορές." in told
        assert quality("check", "good")[0] == 0


def test_links_of_what_there_is_not_is_a_sentence(quality: Any):
    code, told = quality("links", "--dataset", "nothing")
    assert code == 1
    assert told.startswith("Error: ")
