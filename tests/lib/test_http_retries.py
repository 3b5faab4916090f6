"""When a request is tried again, and how a body is taken: the parts without a network."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.http import BodyBroken, Busy, Limits, NotThere, Retries, TooLarge
from ckanext.municipal.lib.http.body import save
from ckanext.municipal.lib.http.retries import retry_after

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Thu, 01 Jan 2026 12:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 14:00:00 +0200", 0.0),
        ("soon", None),
        ("-1", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_what_the_server_asks_for_is_understood(header, seconds):
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=60))
def test_any_header_is_seconds_or_nothing(header):
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0


def test_pauses_grow_to_a_limit_and_spread():
    busy = Busy(url="u", status=503)
    longest = Retries(attempts=100, jitter=lambda: 1.0)
    assert [longest.pause(attempt, busy) for attempt in (1, 2, 3, 4)] == [0.5, 1, 2, 4]
    assert longest.pause(99, busy) == 30
    assert Retries(jitter=lambda: 0.0).pause(1, busy) == 0.25


def test_what_will_not_change_is_not_tried_again():
    assert Retries().pause(1, NotThere(url="u", status=404)) is None
    assert Retries(attempts=4).pause(4, Busy(url="u", status=503)) is None


@given(st.integers(1, 10**9), st.floats(0, 1), st.none() | st.floats(0, 10**6))
def test_a_pause_is_never_shorter_than_asked_nor_endless(attempt, jitter, asked):
    retries = Retries(attempts=10**10, jitter=lambda: jitter)
    pause = retries.pause(attempt, Busy(url="u", status=503, retry_after=asked))
    assert pause is not None
    assert pause >= (asked or 0)
    assert pause <= max(30, asked or 0)


chunks_of_bytes = st.lists(st.binary(max_size=50), max_size=6)


@given(chunks_of_bytes, st.sampled_from(["", "gzip", "deflate", "identity", "br"]))
def test_any_body_is_a_file_or_a_sentence(tmp_path_factory, chunks, encoding):
    folder = tmp_path_factory.getbasetemp()
    try:
        saved = save(iter(chunks), encoding, "u", Limits(), folder)
    except (BodyBroken, TooLarge):
        assert not list(folder.glob("municipal-*"))
        return
    assert saved.path.stat().st_size == saved.size
    saved.path.unlink()


@given(st.binary(max_size=400), st.integers(1, 50))
def test_compressed_bytes_come_back_however_they_are_cut(tmp_path_factory, body, width):
    sent = gzip.compress(body[:100]) + gzip.compress(body[100:])
    chunks = (sent[at : at + width] for at in range(0, len(sent), width))
    saved = save(chunks, "gzip", "u", Limits(), tmp_path_factory.getbasetemp())
    assert saved.path.read_bytes() == body
    saved.path.unlink()
