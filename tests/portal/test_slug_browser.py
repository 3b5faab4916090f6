"""In a real browser, with CKAN's own scripts: a Greek title suggests the address the server gives."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import ckan
import pytest

from ckanext.municipal.portal import slugs

ROOT = Path(__file__).resolve().parents[2]
BASE = Path(ckan.__file__).parent / "public/base"
SCRIPTS = [
    BASE / "vendor/jquery.js",
    *(
        BASE / f"javascript/plugins/jquery.{name}.js"
        for name in ("inherit", "proxy-all", "url-helpers")
    ),
    *(BASE / f"javascript/plugins/jquery.{name}.js" for name in ("slug", "slug-preview")),
    *(BASE / f"javascript/{name}.js" for name in ("sandbox", "module", "pubsub")),
    BASE / "javascript/modules/slug-preview.js",
    *(ROOT / f"ckanext/municipal/portal/assets/js/{name}.js" for name in ("elot743", "slug")),
]


@pytest.fixture(scope="module")
def pairs():
    with (ROOT / "tests/lib/elot743.csv").open(encoding="utf-8", newline="") as file:
        return [(row["greek"], row["slug"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def answers(pairs, tmp_path_factory):
    program = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not program:
        pytest.skip("no Chromium on this machine: install chromium to try the form in a browser")
    folder = tmp_path_factory.mktemp("browser")
    page = {
        "rules": slugs.municipal_transcription_rules(),
        "titles": [greek for greek, _slug in pairs],
    }
    tags = "\n".join(f'<script src="{path.as_uri()}"></script>' for path in SCRIPTS)
    text = (ROOT / "tests/js/slug_form.html").read_text(encoding="utf-8")
    text = text.replace("<!-- scripts -->", tags)
    text = text.replace(
        "/* page */ {rules: [], titles: []}", json.dumps(page).replace("<", "\\u003c")
    )
    (folder / "form.html").write_text(text, encoding="utf-8")
    command = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
    ]
    done = subprocess.run(
        [*command, "--dump-dom", (folder / "form.html").as_uri()],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="answers">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found
    assert found[1], "the page's scripts did not run to their end"
    return json.loads(html.unescape(found[1]))


def test_every_published_pair_is_suggested_while_the_title_is_typed(answers, pairs):
    assert len(pairs) >= 200
    wrong = [
        (greek, slug, told)
        for (greek, slug), told in zip(pairs, answers["suggested"], strict=True)
        if slug != told
    ]
    assert wrong == []


def test_the_preview_shows_the_address(answers, pairs):
    assert answers["preview"] == pairs[-1][1]


def test_greek_typed_into_the_address_is_transcribed_and_then_left_alone(answers):
    assert answers["typed"] == "prefix-ef"
    assert answers["afterTyping"] == "prefix-ef"
