"""The forms that publishers fill in, in a real browser: what axe-core says in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from chromium import Chromium, served
from ckan.tests import factories

# ckanext-harvest names an icon by a title, which Bootstrap of CKAN 2.12 makes a label without a role.
STOCK_ICONS = ".harvest-types i"
FORMS = ("/dataset/new", "/budget/new", "/organization/new", "/group/new", "/harvest/new")


@pytest.fixture
def publisher(
    browser_tools: tuple[str, str], fresh_site: None, app: Any, browse: Any, tmp_path: Any
):
    """A signed-in person's browser, and the address of the portal."""
    browser, _axe = browser_tools
    signed_in = browse(factories.Sysadmin(password="correct123"))
    factories.Organization()
    with served(app.app) as address:
        chromium = Chromium(browser, tmp_path / "profile")
        jar = signed_in.client._cookies.values()
        chromium.sign_in(address, {cookie.key: cookie.value for cookie in jar})
        yield chromium, address
        chromium.close()


def test_axe_finds_nothing_in_a_form(publisher: Any, browser_tools: tuple[str, str]):
    """In one browser, which takes a second to start."""
    chromium, address = publisher
    _program, axe = browser_tools
    found = {}
    for language in ("el", "en"):
        for form in FORMS:
            chromium.open(f"{address}/{language}{form}")
            assert chromium.evaluate("document.querySelectorAll('form [name]').length") > 3, form
            wrong = chromium.violations(axe, "[role=main] form", but=STOCK_ICONS)
            found[f"{language}{form}"] = wrong
    assert {form: violations for form, violations in found.items() if violations} == {}
