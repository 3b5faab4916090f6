"""The links of any page, however it was made, and the names in them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.harvest.files.links import links_of, percent_decoded

SLOW = ["<a ", "<!--", "<a href='", "<script>", "<a href=x ", "&amp", "<a href" + " " * 99, "<![x"]


@pytest.mark.parametrize("piece", SLOW)
def test_a_page_made_to_be_slow_is_read_in_time(piece):
    started = time.monotonic()
    list(links_of((piece * 5_000_000)[:5_000_000].encode(), "http://x.org/"))
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("text", "name"), [("%CE%95", "Ε"), ("%C5", "Ε"), ("a%20b", "a b"), ("%", "%"), ("%ff", "�")]
)
def test_names_are_decoded_as_utf8_or_else_as_greek_windows(text, name):
    assert percent_decoded(text)[:1] == name[:1]


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f'<a href="{text}">'.encode("utf-8", "replace"))
)
def test_any_page_gives_links_to_its_own_host_or_none(data):
    for link in links_of(b"<html>" + data, "http://x.org/a/", "text/html; charset=nonsense"):
        assert link.url.startswith(
            ("http://x.org", "https://x.org", "http://X", "https://X", "HTTP")
        )
        assert "/" not in link.name
        assert link.name.isprintable()
