"""The lines of a text as cleaning and splitting see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f]")
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
# "25 Oct 202425 Oct 2024": a page's visible date and the one for screen readers.
_GLUED = re.compile(r"\b((?:19|20)\d\d)(?=\d{1,2} [A-Z][a-z]{2,8} (?:19|20)\d\d\b)")
BULLET = re.compile(r"\s*(?:[-–—*•●▪▸►◦‣·+>|]\s|\(?\d{1,2}[.)]\s|\[?\d{1,2}[:.]\d\d\b|[a-z]\)\s)")
_NO_LETTER = re.compile(r"[\W_]+")
TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(slots=True)
class Line:
    """A line of a text that is not blank, and what it turns out to be."""

    text: str
    gap: int  # blank lines before it
    kind: str = ""  # "" = not yet decided, else story, headline, kicker, caption, dateline, boilerplate, drop


def normal(text: str) -> str:
    """Return letters and digits only, casefolded: what is left when scrapers' variants of a line are compared."""
    return _NO_LETTER.sub("", text).casefold()


def read_lines(text: str) -> list[Line]:
    """Return the lines of a text that are not blank, unbroken where the text was broken at a fixed width."""
    text = _GLUED.sub(r"\1 ", _SPACES.sub(" ", _INVISIBLE.sub("", _BREAKS.sub("\n", text))))
    lines: list[Line] = []
    gap = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            lines.append(Line(stripped, gap if lines else 0))
            gap = 0
        else:
            gap += 1
    return _unwrapped(lines)


def _unwrapped(lines: list[Line]) -> list[Line]:
    """Join the lines of a text that was broken at a fixed width; other texts are returned as they are."""
    width = _broken_at(lines)
    if not width:
        return lines
    joined = lines[:1]
    last = lines[0].text
    for line in lines[1:]:
        if line.gap or BULLET.match(line.text) or len(last) < width - 25:
            joined.append(line)
        else:
            joined[-1].text += " " + line.text
        last = line.text
    return joined


def _broken_at(lines: list[Line]) -> int:
    """Return the width, in characters, at which all lines of a text are broken; 0 where each line is a paragraph."""
    pairs = [(a.text, b.text) for a, b in pairwise(lines) if not b.gap and not BULLET.match(b.text)]
    width = max((len(a) for a, _ in pairs), default=0)
    full = sum(1 for a, _ in pairs if len(a) >= width - 16)
    broken = sum(1 for a, _ in pairs if not TERMINAL.search(a))
    # Mid-sentence, most lines begin with a small letter.
    small = sum(1 for _, b in pairs if b[0].islower())
    if len(pairs) < 3 or not 40 <= width <= 100:
        return 0
    return width if min(full / 0.7, broken / 0.6, small / 0.4) >= len(pairs) else 0
