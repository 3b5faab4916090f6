"""Redaction takes time in proportion to the text, whatever the text is: no rule can be used to stop a run."""

from __future__ import annotations

import time

import pytest

from ckanext.municipal.lib.privacy import redact

SEEDS = [
    *(
        "6",
        "2 ",
        "69 ",
        "6-",
        "1.1.",
        "12/3/24 ",
        "+",
        "+3",
        "00",
        "(",
        "1ο",
        "1l|",
        "ΑΦΜ ",
        "ΑΦΜ 12345678",
    ),
    *(
        "@",
        "a@",
        "a@a.",
        " . ",
        "a.a@b ",
        "at ",
        "a at ",
        "dot ",
        "%40",
        '"',
        "facebook.com/",
        "www.",
        "@a",
    ),
    *(
        "με λένε ",
        "είμαι ο Α",
        "κ. Α. ",
        "κα Α-Α",
        "Α'",
        "ευχαριστώ ",
        "με εκτίμηση,\n",
        "Maria ",
        "Mr. ",
    ),
    *(
        "ΑΒ ",
        "ΑΒ1",
        "Ν.Β.Α. ",
        "πινακίδα ",
        "GR1 ",
        "GR16 0110 ",
        "m1 ",
        "DE89 ",
        "τηλ μου ",
        "\n",
        "γ\n",
    ),
    *(
        "<",
        "<a",
        "<a ",
        "&",
        "&amp",
        "&#",
        "\u0301",
        "\u200b",
        "ﷺ",
        "É",
        "6971234567 ",
        "[phone]",
        "[όνομα",
    ),
]


def _work(seed: str, size: int) -> float:
    long_text = (seed * size)[:size]
    best = float("inf")
    for _ in range(2):
        begun = time.process_time()
        redact(long_text)
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("seed", SEEDS)
def test_no_text_takes_more_than_time_in_proportion_to_its_length(seed):
    short, long = _work(seed, 2_000), _work(seed, 16_000)
    # Eight times the text: some eight times the work; sixty-four times if it were quadratic.
    assert long <= 24 * max(short, 0.002), f"{seed!r}: {short:.4f} s, eight times it {long:.4f} s"
