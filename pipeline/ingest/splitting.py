"""Several articles in one plain text: where does the next one begin?

A text with ordinary blank lines is one article. A new one begins only where a headline stands and something else says
so: the headline is repeated around its caption (as scrapers deliver it), a separator line stands above it, or a gap
larger than the text's usual ones, followed by a dateline, a byline or a headline of some length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.ingest.boilerplate import is_line
from pipeline.ingest.cleaning import LONGEST_HEADLINE, STORY_LINE
from pipeline.ingest.datelines import dateline_end, is_dateline_alone, is_only_date
from pipeline.ingest.lines import TERMINAL, normal

DOUBLED_WITHIN = 9  # lines from a headline to its repetition
HEADLINE_WORDS = 5  # fewer words head a section, not an article
WIDE_GAP = 3  # blank lines that need no dateline or byline behind them
_SEPARATOR = re.compile(r"(?:[-=_*#~+]\s?){3,}|<{3,}.{0,20}>{3,}")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int  # offset in the text
    gap: int  # blank lines before it
    separated: bool  # a separator line stands between it and the line before


def split_articles(text: str) -> list[str]:
    """Return the articles of a text, each exactly as it stands there without the blank lines around it."""
    lines = _lines(text)
    usual = median(line.gap for line in lines[1:]) if len(lines) > 1 else 0
    starts = [n for n in range(1, len(lines)) if _begins(lines, n, usual)]
    starts = [n for before, n in pairwise([0, *starts]) if _has_story(lines[before:n])]
    if not starts or not _has_story(lines[starts[-1] :]):
        starts = starts[:-1]
    bounds = [0, *(lines[n].start for n in starts), len(text)]
    parts = [_trimmed(text[a:b]) for a, b in pairwise(bounds)]
    return parts if len(parts) > 1 else [text]


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start, gap, separated = 0, 0, False
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        if not stripped:
            gap += 1
        elif _SEPARATOR.fullmatch(stripped):
            separated = True
        else:
            lines.append(_Line(stripped, start, gap, separated))
            gap, separated = 0, False
        start += len(raw)
    return lines


def _begins(lines: list[_Line], n: int, usual: float) -> bool:
    """Whether an article begins at line `n`; `usual` is the number of blank lines that the text has between lines."""
    line, below = lines[n], lines[n + 1 : n + 1 + DOUBLED_WITHIN]
    above = {normal(other.text) for other in lines[max(0, n - DOUBLED_WITHIN) : n]}
    if not _could_head(line.text) or normal(line.text) in above:
        return False
    if _doubled(line, below):
        return True
    if line.separated:
        return bool(below)
    if line.gap < 2 or line.gap <= usual:
        return False
    if any(_opens_article(x.text) for x in below[:4]):
        return True
    return line.gap >= WIDE_GAP and len(line.text.split()) >= HEADLINE_WORDS and not line.text.isupper()


def _could_head(text: str) -> bool:
    """Whether a line has the form of a headline: not a sentence, not an item of a list, not a label."""
    sentence = TERMINAL.search(text) and not text.endswith(("?", "!"))
    if len(text) > LONGEST_HEADLINE or len(normal(text)) < 8 or sentence:
        return False
    return not (re.match(r"[-–—*•●▪]\s", text) or is_line("noise", text) or is_line("furniture", text, "tail"))


def _doubled(line: _Line, below: list[_Line]) -> bool:
    """Whether the headline stands a second time below, with nothing but captions, credits and "TT" in between."""
    texts = [normal(other.text) for other in below]
    if normal(line.text) not in texts:
        return False
    between = texts[: texts.index(normal(line.text))]
    doubled = "tt" in between or len(set(between)) < len(between)
    return bool(between) and (doubled or len(line.text.split()) >= HEADLINE_WORDS)


def _opens_article(text: str) -> bool:
    if text == "TT" or is_only_date(text) or is_dateline_alone(text) or is_line("caption", text):
        return True
    if is_line("furniture", text, "head") and not is_line("furniture", text):
        return True
    end = dateline_end(text)
    return bool(end) and text[:end].split(",")[0].split("(")[0].strip(" -–—:|").isupper()


def _has_story(lines: list[_Line]) -> bool:
    return any(len(line.text) > STORY_LINE and TERMINAL.search(line.text) for line in lines)


def _trimmed(part: str) -> str:
    """Drop blank lines around an article and a separator line at its end."""
    lines = part.split("\n")
    while lines and (not lines[-1].strip() or _SEPARATOR.fullmatch(lines[-1].strip())):
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)
