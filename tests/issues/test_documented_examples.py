"""The examples about citizens' requests that researchers are given run as they are printed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from ckanext.municipal.issues.dataset import IssueReports
from ckanext.municipal.issues.logic import action
from ckanext.municipal.issues.resources import files_of
from ckanext.municipal.lib.dates import ATHENS
from tests.issues.published_requests import figures, publish, request

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reuse.md"
ADDRESS = "http://127.0.0.1:5000"
TOLD = ("categories", "requests", "request", "total", "cells")


def about() -> str:
    """The part of the page about requests."""
    return PAGE.read_text("utf-8").partition("\n## Citizens' requests\n")[2]


def printed(language: str) -> list[str]:
    """The blocks of a language that this part prints."""
    return re.findall(rf"^```{language}\n(.*?)^```$", about(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def portal(fresh_site, app) -> Iterator[str]:
    """The address of a portal with eight requests, served to other processes."""
    reasons = ("solved", "solved", "duplicate")
    rows = [request(str(n)) for n in range(1000, 1005)]
    closed = {"status": "closed", "days_to_close": 1}
    rows += [request(f"c{n}", close_reason=reason, **closed) for n, reason in enumerate(reasons)]
    publish(rows, statistics=[figures(8, None, None)])
    server = make_server("127.0.0.1", 0, app.flask_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_examples_run_as_printed(portal, app, tmp_path: Path):
    example = tmp_path / "example.py"
    example.write_text(printed("python")[0].replace(ADDRESS, portal), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, example], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "3 closed, 2 of them solved\n"
    for line in "".join(printed("bash")).splitlines():
        words = shlex.split(line.replace(ADDRESS, portal).replace("REQUEST_ID", "c1"))
        done = subprocess.run(words, capture_output=True, check=True, timeout=60)
        answer: Any = json.loads(done.stdout)
        if "/open311/" not in line:
            assert answer["success"], line
            assert any(answer["result"].get(part) for part in TOLD), line
        else:
            assert answer, line
    for name in action.__all__:
        assert f"action/{name}" in "".join(printed("bash"))
        (address,) = re.findall(r"Example: ``(/api/\S+)``", str(getattr(action, name).__doc__))
        assert app.get(address).json["success"], address


def test_the_page_lists_every_kind_of_file():
    names = {"el": "Δήμος", "en": "City"}
    reports = IssueReports("id", "source", names, (), names, "1", None, None, ATHENS)
    kinds = {file.resource["table"] for file in files_of(reports, {}, lambda *_: "")}
    (listed,) = re.findall(r"^\| `requests` .*?\n\n", about(), re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`([a-z-]+)`", listed)) == kinds
