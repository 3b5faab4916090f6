"""The form's JavaScript suggests the address that the server would give."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib import elot743, greek
from ckanext.municipal.portal import slugs

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "ckanext/municipal/portal/assets/js/elot743.js"
VECTORS = ROOT / "tests/lib/elot743.csv"
TITLES = st.text(
    alphabet=st.sampled_from("αάΆεέυύϋΰιίϊΐοόωώμπγκξχσςΣβδρ ΑΕΥABEaeo'΄-_12éß∆ΩµАв\u0301\u0308")
    # Letters as old as both Unicode tables; what came later one side may not know yet.
    | st.characters(max_codepoint=0x24FF, exclude_categories=("Cs", "Cn")),
    max_size=140,
)


class Node:
    """One JavaScript process for all questions: starting it takes longer than answering."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen(
            [program, str(ROOT / "tests/js/slugs.js"), str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def slugs(self, texts: list[str]) -> list[str]:
        question = json.dumps({"rules": slugs.municipal_transcription_rules(), "texts": texts})
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)


@pytest.fixture(scope="module")
def node():
    program = shutil.which("node")
    if not program:
        pytest.skip("no node on this machine: the browser test covers the same table")
    process = Node(program)
    yield process
    process.close()


def test_every_published_pair_is_the_same_in_javascript(node):
    with VECTORS.open(encoding="utf-8", newline="") as file:
        pairs = [(row["greek"], row["slug"]) for row in csv.DictReader(file)]
    assert len(pairs) >= 200
    answers = node.slugs([text for text, _slug in pairs])
    wrong = [
        (text, ours, told)
        for (text, ours), told in zip(pairs, answers, strict=True)
        if ours != told
    ]
    assert wrong == []


@given(st.lists(TITLES, min_size=1, max_size=20))
def test_any_title_gets_the_same_address_in_browser_and_server(node, titles):
    for title, told in zip(titles, node.slugs(titles), strict=True):
        ours = greek.slug(title, fallback="x" * 50)
        assert told == ours or (len(told) < elot743.MIN_NAME and ours.startswith("x" * 50)), title
