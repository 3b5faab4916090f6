"""Whatever goes wrong while requests are harvested, it ends as if nothing had: no dataset is lost, no job hangs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import faults
import pytest
from servers import going_wrong as wrong
from servers.going_wrong import How
from servers.serving import Fault

from tests.issues.drill import Drill, end_without_faults
from tests.issues.harvested import clean_cells, loaded_plugins, portal

__all__ = ["clean_cells", "loaded_plugins", "portal"]

V3, V2, OPEN311 = "Improve My City 3", "Improve My City 2", "Open311"
LIST = {V3: "api2.issues", V2: "getIssues", OPEN311: "/requests"}
"""What the address of a call holds that lists requests."""


Then = Literal["whole", "told", "unseen"]
# The run overcomes the fault; it says that it was not whole, and the next run is; or nobody could
# tell, and the next run is whole all the same.
WHOLE, TOLD, UNSEEN = get_args(Then)


@dataclass(frozen=True)
class Case:
    """A fault, where it comes and how it ends.

    ``program``: what the city speaks. ``how``: what goes wrong with an answer; None where nothing
    does, but the city changes after it. ``lived``: in the second run, after the city has changed;
    else in the very first. ``on``: with which calls, by default those that list requests;
    ``after``: how many of them go well first; ``times``: how many do not, 0 for all of the run.
    ``then``: how the run ends that meets the fault. ``skew``: by how many seconds the server's
    clock is wrong.
    """

    program: str
    how: How | None
    lived: bool = False
    on: str | None = None
    after: int = 0
    times: int = 1
    then: Then = TOLD
    skew: float = 0.0

    def fault(self, drill: Drill) -> Fault:
        """The fault as the server takes it."""
        on = LIST[self.program] if self.on is None else self.on
        return Fault(self.how or wrong.meanwhile(drill.live), on, self.after, self.times)


def in_seconds(seconds: float) -> str:
    """A moment as HTTP writes it."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))


def emptied(told: Any) -> Any:
    """An envelope, or a list, with nothing in it and nothing counted."""
    if not isinstance(told, dict):
        return []
    return {**told, "data": [], **({"total": 0} if "total" in told else {})}


def halved(told: Any) -> Any:
    rows = told["data"] if isinstance(told, dict) else told
    half = rows[: len(rows) // 2]
    return {**told, "data": half} if isinstance(told, dict) else half


def doubled(told: Any) -> Any:
    return {**told, "data": told["data"] * 2} if isinstance(told, dict) else told * 2


def renamed(body: bytes) -> bytes:
    """What a new version of a program may do: the field of the number is called otherwise."""
    return body.replace(b'"id":', b'"number":').replace(b"service_request_id", b"request_number")


def retyped(body: bytes) -> bytes:
    """What another new version may do: numbers are texts, and the list is within an object."""
    return json.dumps({"items": json.loads(body)}).encode()


CASES = {
    # A line that does not hold
    "v3: no answer at all": Case(V3, wrong.timeout(), times=0),
    "v3: no answer once": Case(V3, wrong.timeout(), after=2),
    "v3: reset once": Case(V3, wrong.reset(), after=2, then=WHOLE),
    "v3: reset every time": Case(V3, wrong.reset(), after=3, times=0, lived=True),
    "v3: reset in the middle of an answer": Case(V3, wrong.reset_midway(), after=1, then=WHOLE),
    "v3: hangs up": Case(V3, wrong.hang_up(), lived=True, then=WHOLE),
    "v3: a slow body": Case(V3, wrong.slow(0.5), after=1),
    "v3: an endless body": Case(V3, wrong.endless(), after=2, lived=True),
    "v2: no answer at all": Case(V2, wrong.timeout(), times=0, lived=True),
    "v2: reset once": Case(V2, wrong.reset(), then=WHOLE),
    "v2: an endless body": Case(V2, wrong.endless()),
    "Open311: no answer once": Case(OPEN311, wrong.timeout(), after=3),
    "Open311: reset once": Case(OPEN311, wrong.reset(), after=3, then=WHOLE),
    "Open311: reset every time": Case(OPEN311, wrong.reset(), times=0, lived=True),
    "Open311: a slow body": Case(OPEN311, wrong.slow(0.5)),
    "Open311: an endless body": Case(OPEN311, wrong.endless(), after=2),
    # A server that refuses for now
    "v3: 429, come again at once": Case(V3, wrong.too_many("0"), after=2, times=2, then=WHOLE),
    "v3: 429, come again in a second": Case(V3, wrong.too_many("1"), after=3, then=WHOLE),
    "v3: 429, come again tomorrow": Case(V3, wrong.too_many(in_seconds(86_400)), after=3),
    "v3: 500, then well": Case(V3, wrong.error(500), after=2, lived=True),
    "v3: 503, then well": Case(V3, wrong.error(503), after=2, then=WHOLE),
    "v3: 503, but the work was done": Case(V3, wrong.done_but_error(), lived=True, then=WHOLE),
    "v3: 503 every time": Case(V3, wrong.error(503), times=0, lived=True),
    "v3: no categories": Case(V3, wrong.error(500), on="api2.categories", times=0),
    "v3: no list of what is there": Case(V3, wrong.error(500), on="rawissues", lived=True),
    "v2: 429, come again at once": Case(V2, wrong.too_many("0"), then=WHOLE),
    "v2: 500, then well": Case(V2, wrong.error(500), lived=True),
    "Open311: 429, come again at once": Case(OPEN311, wrong.too_many("0"), after=2, then=WHOLE),
    "Open311: 500, then well": Case(OPEN311, wrong.error(500), after=2),
    "Open311: 503 every time": Case(OPEN311, wrong.error(503), times=0, lived=True),
    # An answer that is none
    "v3: a page for people": Case(V3, wrong.login_page(), times=0, lived=True),
    "v3: truncated JSON": Case(V3, wrong.truncated(), after=3),
    "v3: a promised length that does not come": Case(V3, wrong.cut_off(), after=2, then=WHOLE),
    "v3: more than the promised length": Case(V3, wrong.promised_less(), after=2, lived=True),
    "v3: no body": Case(V3, wrong.empty(), after=1),
    "v3: a notice before the data": Case(V3, wrong.body(lambda body: b"<b>Notice</b>" + body)),
    "v3: another schema": Case(V3, wrong.body(renamed), times=0, lived=True),
    "v3: another envelope": Case(V3, wrong.body(retyped), after=1),
    "v2: a page for people": Case(V2, wrong.login_page(), lived=True),
    "v2: truncated JSON": Case(V2, wrong.truncated()),
    "v2: another schema": Case(V2, wrong.body(renamed), lived=True),
    "Open311: a page for people": Case(OPEN311, wrong.login_page(), times=0, lived=True),
    "Open311: truncated JSON": Case(OPEN311, wrong.truncated(), after=2),
    "Open311: a promised length that does not come": Case(
        OPEN311, wrong.cut_off(), after=1, then=WHOLE
    ),
    "Open311: another schema": Case(OPEN311, wrong.body(renamed), times=0, lived=True),
    # An answer that is not whole
    "v3: half of a list": Case(V3, wrong.changed(halved), after=1, then=WHOLE),
    "v3: an empty list": Case(V3, wrong.changed(emptied), on="", times=0, lived=True),
    "v3: everything twice": Case(V3, wrong.changed(doubled), times=0, then=WHOLE),
    "v2: half of a list": Case(V2, wrong.changed(halved), lived=True),
    "v2: an empty list": Case(V2, wrong.changed(emptied), lived=True),
    "v2: everything twice": Case(V2, wrong.changed(doubled), then=WHOLE),
    "Open311: an empty list": Case(
        OPEN311, wrong.changed(emptied), times=0, lived=True, then=UNSEEN
    ),
    "Open311: everything twice": Case(OPEN311, wrong.changed(doubled), times=0, then=WHOLE),
    # Pages that drift: the city changes between two answers
    "v3: changes before the first list": Case(V3, None, on="categories", then=UNSEEN),
    "v3: changes after the first list": Case(V3, None, then=UNSEEN),
    "v3: changes in the middle": Case(V3, None, after=4, then=UNSEEN),
    "v2: changes after the list": Case(V2, None, then=UNSEEN),
    "Open311: changes in the middle": Case(OPEN311, None, after=3, then=UNSEEN),
    # Clocks that are wrong
    "v3: a clock a day ahead": Case(V3, wrong.reset(), then=WHOLE, skew=86_400, lived=True),
    "v3: a clock a day behind": Case(V3, wrong.reset(), then=WHOLE, skew=-86_400, lived=True),
    "v2: a clock in another century": Case(V2, wrong.reset(), then=WHOLE, skew=-3e9, lived=True),
    "Open311: a clock a day ahead": Case(OPEN311, wrong.reset(), then=WHOLE, skew=86_400),
    # Where an answer leads
    "v3: a redirect inside": Case(
        V3, wrong._whatever(faults.redirect("http://169.254.169.254/")), lived=True
    ),
    "Open311: a redirect in a circle": Case(
        OPEN311, wrong._whatever(faults.redirect("/v2/requests.json")), lived=True
    ),
}  # fmt: skip


@pytest.fixture
def short_limits(monkeypatch, portal) -> Iterator[None]:
    """Two seconds and a megabyte a request: what has no end is over soon."""
    monkeypatch.setitem(portal.config, "ckanext.municipal.http.seconds", 2)
    monkeypatch.setitem(portal.config, "ckanext.municipal.http.max_mb", 1)


def test_there_are_forty_cases():
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", CASES)
def test_it_ends_as_if_nothing_had_gone_wrong(portal, short_limits, name):
    case = CASES[name]
    drifts = case.how is None
    wanted = end_without_faults(portal, case.program, lived=case.lived or drifts)
    drill = Drill(portal, case.program, skew=case.skew)
    if case.lived:
        assert drill.run()
        drill.live()
    published = set(drill.city.ids())
    drill.served.go_wrong(case.fault(drill))
    assert drill.run() == (case.then != TOLD), drill.city.reason()
    if case.lived:
        assert drill.city.dataset(), "the dataset is lost"
        assert published - {"9", "009"} <= set(drill.city.ids())
    if case.then != WHOLE:
        drill.served.go_wrong()
        assert drill.run(), drill.city.reason()
    assert drill.end_state() == wanted
    drill.check_that_another_run_changes_nothing()
