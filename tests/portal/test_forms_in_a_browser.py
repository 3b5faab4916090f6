"""The forms that publishers fill in, in a real browser: what axe-core says in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from chromium import Chromium, axe_core, program, served
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

FORMS = ("/dataset/new", "/budget/new", "/organization/new", "/group/new", "/harvest/new")


@pytest.fixture
def publisher(app: Any, browse: Any, tmp_path: Any):
    """A signed-in person's browser, and the address of the portal."""
    browser = program()
    signed_in = browse(factories.Sysadmin(password="correct123"))
    factories.Organization()
    with served(app.app) as address:
        chromium = Chromium(browser, tmp_path / "profile")
        jar = signed_in.client._cookies.values()
        chromium.sign_in(address, {cookie.key: cookie.value for cookie in jar})
        yield chromium, address
        chromium.close()


def test_axe_finds_nothing_in_a_form(publisher: Any):
    """In one browser, which takes a second to start."""
    chromium, address = publisher
    axe = axe_core()
    found = {}
    for language in ("el", "en"):
        for form in FORMS:
            chromium.open(f"{address}/{language}{form}")
            assert chromium.evaluate("document.querySelectorAll('form [name]').length") > 3, form
            found[f"{language}{form}"] = chromium.violations(axe, "[role=main] form")
    assert {form: violations for form, violations in found.items() if violations} == {}
