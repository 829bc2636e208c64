"""Is a text English? Other languages are rejected, not half-coded.

A short note full of Arabic names must not be taken for another language: py3langid alone does that.
"""

from __future__ import annotations

import re

import py3langid

from pipeline.ingest.boilerplate import words as known_words

SAMPLE = 2000  # characters looked at
_WORD = re.compile(r"[^\W\d_]+")
FEW = 0.05  # share of function words below which a text may be foreign
ENOUGH = 5  # words without a capital that allow a judgement: names say nothing of the language


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language; "en" wherever the text is too short or too mixed to tell."""
    sample = text[:SAMPLE]
    found = _WORD.findall(sample)
    words = [w.casefold() for w in found]
    if not words:
        return "en"
    # English news has about 40 of these in 100 words, a note of one sentence full of Arabic names 10 or more.
    function_words = known_words("english")
    latin = sum(1 for w in words if w[0] < "\u0250")
    share = sum(1 for w in words if w in function_words) / len(words)
    plain = sum(1 for w in found if not w[0].isupper())
    if latin >= len(words) / 2 and (share >= 0.2 or plain < ENOUGH):
        return "en"
    code = str(py3langid.classify(sample)[0])
    if latin < len(words) / 2:
        return code if code != "en" else "und"
    return code if share < FEW + _doubt(len(words)) else "en"


def _doubt(words: int) -> float:
    """The longer the text, the more function words English would have shown: up to 10 in 100."""
    return 0.05 * min(1.0, words / 200)
