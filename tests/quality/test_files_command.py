"""The check of a file by command: on a bare file without a portal, and as `ckan municipal quality check`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ckan.cli.cli import ckan
from faults import FaultServer, answer

GOOD = "Σταθμός;Τιμή\nΕγνατία;21,5\nΑγία Σοφία;23,1\n"
WRONG = GOOD + "Ερμού;24,0;25\n"
SCHEMA = {"fields": [{"name": "Σταθμός"}, {"name": "Τιμή", "type": "number", "decimalChar": ","}]}


def bare(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the check as a program that knows no portal: no settings, no services."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CKAN")}
    return subprocess.run(
        [sys.executable, "-m", "ckanext.municipal.quality.files", *words],
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(WRONG, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (GOOD, 0, "prices.csv: nothing was found that is wrong."),
        (
            WRONG,
            1,
            "error           row 4: The row has 3 cells, the table has 2 columns. [row-long]",
        ),
        ("<html>", 2, "The file cannot be read."),
    ],
)
def test_the_exit_code_tells_a_script_what_was_found(file: Path, text: str, code: int, told: str):
    file.write_text(text, "utf-8")
    done = bare(str(file))
    assert (done.returncode, done.stderr) == (code, "")
    assert told in done.stdout


def test_it_speaks_greek_and_json(file: Path):
    assert "γραμμή 4: Η γραμμή έχει 3 κελιά" in bare(str(file), "--language", "el").stdout
    told = json.loads(bare(str(file), "--json").stdout)
    [finding] = [each for each in told["findings"] if each["rule"] == "row-long"]
    assert (finding["row"], finding["severity"]) == (4, "error")
    assert finding["remedy"]["el"].startswith("Αναζητήστε ένα διαχωριστικό")
    [table] = told["tables"]
    assert table["schema"]["fields"][1] == {
        "name": "Τιμή",
        "type": "number",
        "decimalChar": ",",
        "groupChar": ".",
        "constraints": {"required": True},
    }


def test_a_schema_is_held_to(file: Path, tmp_path: Path):
    file.write_text(GOOD + "Ερμού;πολύ\n", "utf-8")
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(SCHEMA), "utf-8")
    done = bare(str(file), "--schema", str(schema))
    assert done.returncode == 1
    assert (
        "row 4: “πολύ” is no number, as the schema wants it of “Τιμή”. [schema-type]" in done.stdout
    )


def test_what_is_no_file_or_schema_is_a_sentence(file: Path, tmp_path: Path):
    assert "there is no file nowhere.csv" in bare("nowhere.csv").stderr
    (tmp_path / "x.json").write_text("{")
    done = bare(str(file), "--schema", str(tmp_path / "x.json"))
    assert done.returncode == 2
    assert "is not JSON" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_of_the_portal_says_the_same(file: Path, cli: Any, with_plugins: Any):
    result = cli.invoke(ckan, ["municipal", "quality", "check", str(file)])
    assert result.exit_code == 1
    assert "Η γραμμή έχει 3 κελιά, ο πίνακας έχει 2 στήλες. [row-long]" in result.output
    told = cli.invoke(ckan, ["municipal", "quality", "check", str(file), "--json"])
    assert json.loads(told.output[told.output.index("{") :])["file"] == "prices.csv"


def test_an_address_is_downloaded_by_the_guarded_client(
    cli: Any, with_plugins: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
):
    with FaultServer() as server:
        url = server.on("/data/prices.csv", answer(200, WRONG.encode(), content_type="text/csv"))
        refused = cli.invoke(ckan, ["municipal", "quality", "check", url])
        assert refused.exit_code == 1
        assert "ckanext.municipal.http.allow" in refused.output
        monkeypatch.setitem(ckan_config, "ckanext.municipal.http.allow", server.allow)
        result = cli.invoke(ckan, ["municipal", "quality", "check", url])
        assert result.exit_code == 1
        assert "prices.csv" in result.output
        assert "[row-long]" in result.output
        gone = cli.invoke(ckan, ["municipal", "quality", "check", server.on("/x", answer(404))])
        assert gone.exit_code == 1
        assert "Traceback" not in gone.output
