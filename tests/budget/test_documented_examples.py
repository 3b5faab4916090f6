"""The examples that researchers are given run as they are printed, on a portal with a budget."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest
from werkzeug.serving import make_server

from tests.budget.budget_exports import EXPENSES, INCOMES, ROWS, export

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reuse.md"
ACTIONS = PAGE.with_name("actions.md")
TOLD = ("results", "records", "years", "node", "lines", "series", "codes")
ADDRESS = "http://127.0.0.1:5000"
LATER = "expenses/2016_04_20_21.29.csv"
REVENUE_HEADER = "Υπηρεσία;Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Διαμορφωθέντα;Βεβαιωθέντα;Εισπραχθέντα"
REVENUE = (";0111.01.01;ΜΙΣΘΩΜΑΤΑ;3.091.104,85;3.091.104,85;31.959,60;31.959,60",)


def printed(language: str) -> list[str]:
    """The blocks of a language that the page prints about budgets."""
    about, _mark, _requests = PAGE.read_text("utf-8").partition("\n## Citizens' requests\n")
    return re.findall(rf"^```{language}\n(.*?)^```$", about, re.MULTILINE | re.DOTALL)


@pytest.fixture
def budget(make_inbox):
    """The budget of 2016 (the year before is there too): 100.10 is paid on the second of its days."""
    inbox = make_inbox()
    inbox.write(EXPENSES.replace("2016_04_01", "2015_12_31"), export())
    inbox.write(EXPENSES, export())
    inbox.write(INCOMES, export(REVENUE, header=REVENUE_HEADER))
    paid = f"{ROWS[0].rpartition(';')[0]};100,10"
    inbox.write(LATER, export([paid, *ROWS[1:]]))
    assert inbox.run()["added"] == 2, inbox.errors()
    _before, of_2016 = inbox.datasets()
    return of_2016


@pytest.fixture
def portal(budget, app) -> Iterator[str]:
    """The address of the portal, served to other processes."""
    server = make_server("127.0.0.1", 0, app.flask_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def downloads(budget, app, tmp_path: Path, monkeypatch) -> Path:
    """A folder with the Parquet files of the year, which is where we are."""
    monkeypatch.chdir(tmp_path)
    for resource in budget["resources"]:
        path = urlsplit(resource["url"]).path
        if path.endswith(".parquet"):
            (tmp_path / Path(path).name).write_bytes(app.get(path).data)
    return tmp_path


def test_examples_of_the_api_run_as_printed(portal, budget, tmp_path: Path):
    example = tmp_path / "example.py"
    example.write_text(printed("python")[0].replace(ADDRESS, portal), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, example], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.rstrip().endswith(" 100.10")
    lines = next(each["id"] for each in budget["resources"] if each["table"] == "lines")
    for line in "".join(printed("bash")).splitlines():
        words = shlex.split(line.replace(ADDRESS, portal).replace("RESOURCE_ID", lines))
        done = subprocess.run(words, capture_output=True, check=True, timeout=60)
        answer = json.loads(done.stdout)
        assert answer["success"], line
        assert any(answer["result"].get(part) for part in TOLD), line


def test_examples_of_the_budgets_actions_answer(budget, app):
    pattern = r"^Example: `(/api/action/municipal_budget_\S+)`$"
    examples = re.findall(pattern, ACTIONS.read_text("utf-8"), re.MULTILINE)
    assert len(examples) >= 5
    for address in examples:
        assert app.get(address).json["success"], address


def test_sql_over_the_downloaded_files_gives_what_the_page_says(budget, downloads: Path):
    by_class, on_a_day = printed("sql")
    assert duckdb.sql(by_class).fetchall() == [
        ("6", Decimal("2548999.90"), Decimal("100.10"), pytest.approx(100.10 / 2548999.90)),
        ("9", Decimal("2136794.65"), Decimal("0.00"), 0),
    ]
    assert [row[3] for row in duckdb.sql(on_a_day).fetchall()] == [Decimal("0.00"), None]
    newest = on_a_day.replace("04-15", "04-30")
    assert [row[3] for row in duckdb.sql(newest).fetchall()] == [Decimal("100.10"), None]
    assert {resource["table"] for resource in budget["resources"]} == set(told_tables())


def told_tables() -> list[str]:
    """The kinds of resources that the page lists."""
    page = PAGE.read_text("utf-8")
    (listed,) = re.findall(r"^\| `lines` .*?\n\n", page, re.MULTILINE | re.DOTALL)
    return re.findall(r"`([a-z-]+)`", listed)
