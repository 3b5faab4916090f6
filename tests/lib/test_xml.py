"""XML of strangers: nothing is opened or asked, work and memory have an end; other XML is read."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xml_payloads
from faults import FaultServer, answer
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.xml import XmlRefused, local_name, parse

NAMES = tuple(xml_payloads.payloads("http://x/", "file:///x"))


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.on("/x.dtd", answer(200, b'<!ENTITY e "fetched">'))
        yield running


@pytest.fixture(scope="module")
def came(server, tmp_path_factory) -> dict[str, dict[str, Any]]:
    """What each document did to a process that parsed it."""
    secret = tmp_path_factory.mktemp("xml") / "secret.xml"
    secret.write_text("the-secret")
    program = Path(xml_payloads.__file__)
    told = subprocess.run(
        [sys.executable, str(program), server.url("/x.dtd"), secret.as_uri()],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return json.loads(told.stdout)


def test_there_are_enough_documents():
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_a_document_that_means_harm_is_refused(name, came):
    did = came[name]
    assert did["error"].startswith("XmlRefused: The XML ")
    assert did["touched"] == []
    assert "secret" not in did["error"]
    assert did["seconds"] <= 2
    assert did["megabytes"] <= 100


def test_no_document_made_the_process_ask_a_server(came, server):
    assert came
    assert server.hits == 0


def test_the_watch_of_these_tests_sees_an_open_file(tmp_path):
    program = (
        f"import sys; sys.path.insert(0, {str(Path(xml_payloads.__file__).parent)!r})\n"
        "import xml_payloads, ckanext.municipal.lib.xml as xml\n"
        f"xml.parse = lambda data: open({str(tmp_path / 'x')!r}, 'w')\n"
        "print(xml_payloads.main('http://x/', 'file:///x')['nothing']['touched'])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert str(tmp_path) in told.stdout.decode()


@pytest.mark.parametrize("data", [b"<!DOCTYPE html><html/>", b"<r>" * 100, b"<r>", b"[]", b""])
def test_a_refusal_is_a_sentence_in_both_languages(data):
    with pytest.raises(XmlRefused) as refused:
        parse(data)
    assert refused.value.message("en").endswith(".")
    assert refused.value.message("el")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1253", "iso8859-7"])
def test_greek_is_read_in_every_usual_encoding(encoding):
    said = "" if encoding in ("utf-8-sig", "utf-16") else f' encoding="{encoding}"'
    if encoding == "iso8859-7":
        said = ' encoding="ISO-8859-7"'
    text = f'<?xml version="1.0"{said}?><r><city>Θεσσαλονίκη</city></r>'
    assert parse(text.encode(encoding)).findtext("city") == "Θεσσαλονίκη"


def test_comments_and_instructions_are_left_out_and_namespaces_can_be():
    root = parse(
        b'<r xmlns="urn:x"><!-- x --><?php echo 1 ?><a b="1">t &lt;3 <![CDATA[<>]]></a></r>'
    )
    assert [local_name(child) for child in root] == ["a"]
    assert root[0].text == "t <3 <>"
    assert root[0].get("b") == "1"


def test_a_document_of_some_size_is_read_whole():
    rows = b"".join(
        b"<request><id>%d</id><text>%s</text></request>" % (n, b"x" * 500) for n in range(20_000)
    )
    assert len(parse(b"<requests>" + rows + b"</requests>")) == 20_000


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    for body in (data, b"<r>" + data + b"</r>", b"<r " + data + b"/>"):
        with contextlib.suppress(XmlRefused):
            assert local_name(parse(body)) is not None
