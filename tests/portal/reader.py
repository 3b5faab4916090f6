"""A person at a browser without scripts: keeps cookies, fills in forms with their CSRF token."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from ckan.tests import factories

PASSWORD = "RandomPassword123"


class Form(HTMLParser):
    """Inputs of the page's dataset-like form, with the ids, labels and descriptions around them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.token = ""
        self.names: set[str] = set()
        self.ids: set[str] = set()
        self.labelled: set[str] = set()
        self.described: dict[str, list[str]] = {}
        self.links: set[str] = set()
        self.inputs: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids.add(found.get("id", ""))
        if tag == "input" and found.get("name") == "_csrf_token":
            self.token = found["value"]
        if tag == "label":
            self.labelled.add(found.get("for", ""))
        if tag == "a" and found.get("href", "").startswith("#"):
            self.links.add(found["href"][1:])
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.names.add(found.get("name", ""))
            self.inputs[found.get("name", "")] = found.get("id", "")
            self.described[found.get("name", "")] = found.get("aria-describedby", "").split()


class Reader:
    """Somebody who is logged in."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()
        self.user = factories.Sysadmin(password=PASSWORD)["name"]
        self.submit("/user/login", login=self.user, password=PASSWORD)

    def get(self, url: str) -> str:
        answer = self.client.get(url, follow_redirects=True)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)

    def submit(self, url: str, /, **values: Any) -> str:
        data = {"_csrf_token": Form(self.get(url)).token, **values}
        answer = self.client.post(url, data=data, follow_redirects=True)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
        return answer.get_data(as_text=True)
