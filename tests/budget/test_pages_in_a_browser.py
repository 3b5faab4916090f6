"""/budget in a real browser: what axe-core says of it in both languages, and the keyboard alone."""

from __future__ import annotations

import pytest
from budget_portal import fill
from chromium import Chromium, served

VIEWS = (
    "/budget",
    "/budget?side=revenue&as_of=2016-04-01T22:54:00",
    "/budget?path=6,60,601,6011",
    "/budget?by=service&sort=-revised",
    "/budget?q=αποδοχες",
    "/budget?year=1999",
    "/budget/line?code=6011.01.01&service=35",
)
OURS = ".municipal-figures"
FOCUSED = """(() => {
    const controls = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
    const ours = [...document.querySelectorAll(`.municipal-figures :is(${controls})`)];
    const at = document.activeElement, style = getComputedStyle(at);
    const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return {place: ours.indexOf(at), all: ours.length, seen, href: at.href || ''};
})()"""


@pytest.fixture
def budget(browser_tools, make_inbox, app, tmp_path):
    """A browser, and the address of a portal with a small budget on it."""
    browser, _axe = browser_tools
    inbox = make_inbox("thessaloniki-budget")
    fill(inbox)
    assert inbox.run()["added"] == 1, inbox.errors()
    with served(app.app) as address:
        chromium = Chromium(browser, tmp_path / "profile")
        yield chromium, address
        chromium.close()


def test_axe_finds_nothing_and_the_keyboard_reaches_everything(budget, browser_tools):
    """In one portal and one browser: both take seconds to start."""
    chromium, address = budget
    _program, axe = browser_tools
    found = {}
    for language in ("el", "en"):
        for view in VIEWS:
            chromium.open(f"{address}/{language}{view}")
            found[f"{language}{view}"] = chromium.violations(axe, OURS)
    assert {view: violations for view, violations in found.items() if violations} == {}

    chromium.open(f"{address}/en/budget")
    reached, hidden = [], []
    for _ in range(300):
        chromium.press("Tab")
        focus = chromium.evaluate(FOCUSED)
        if focus["place"] < 0:
            if reached:
                break  # past the page's own part: nothing holds the focus back
            continue
        reached.append(focus["place"])
        if not focus["seen"]:
            hidden.append(focus)
    assert reached == list(range(focus["all"])), "every control, in the order in which they stand"
    assert hidden == [], "it is seen where the focus is"

    chromium.open(f"{address}/en/budget")
    for _ in range(300):
        chromium.press("Tab")
        if "path=6" in chromium.evaluate(FOCUSED)["href"]:
            break
    chromium.press("Enter")
    chromium.wait_for_load()
    assert "Position in the budget" in chromium.evaluate("document.body.innerHTML")
