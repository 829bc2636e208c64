"""Cleaning: tell the story from what a page puts around it.

Nothing that could hold a fact is thrown away. Headlines and captions are kept once and marked; bylines, credits of
reporters, tags and links to other stories are kept and marked as boilerplate; only what cannot hold a fact (cookie
banners, share buttons, repeated lines) is dropped. Zones count characters of the cleaned text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.ingest.boilerplate import compiled, is_line, speaks_of
from pipeline.ingest.datelines import dateline_end, is_date_line, is_dateline_alone, is_only_date
from pipeline.ingest.day_expressions import find_days

LONGEST_HEADLINE = 240
LONGEST_CAPTION = 600
# Lines of a story before it may be taken for begun, and how far down a page a headline is looked for.
STORY_LINE = 60
HEAD_LINES = 14

_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f]")
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_BULLET = re.compile(r"\s*(?:[-–—*•●▪▸►◦‣·+>|]\s|\(?\d{1,2}[.)]\s|\[?\d{1,2}[:.]\d\d\b|[a-z]\)\s)")
_NO_LETTER = re.compile(r"[\W_]+")
_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch that is not running story: headline, caption, dateline or boilerplate; characters, half-open."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text with its headline and zones."""

    text: str
    title: str | None
    zones: tuple[Zone, ...]

    def zone_texts(self, kind: str) -> list[str]:
        """The texts of all zones of one kind, in order."""
        return [self.text[z.start : z.end] for z in self.zones if z.kind == kind]

    def story(self) -> list[str]:
        """The paragraphs of the story without any zone."""
        kept, at = [], 0
        for zone in self.zones:
            kept.append(self.text[at : zone.start])
            at = zone.end
        kept.append(self.text[at:])
        return [p.strip() for p in "".join(kept).split("\n\n") if p.strip()]


@dataclass(slots=True)
class _Line:
    text: str
    gap: int  # blank lines before it
    kind: str = ""  # "" = not yet decided, else story, headline, kicker, caption, dateline, boilerplate, drop


def clean(
    text: str, *, title: str | None = None, captions: Iterable[str] = (), source: str | None = None
) -> Cleaned:
    """Return the cleaned text.

    `title` and `captions` are what is known beside the text; both are put in where it lacks them. A line that holds
    nothing but the name of the `source` is boilerplate.
    """
    lines = _lines(text)
    for line in lines[:HEAD_LINES]:
        if source and normal(line.text) == normal(source):
            line.kind = "boilerplate"
    title = _known_title(lines, title)
    for caption in captions:
        _insert_caption(lines, caption)
    _mark_everywhere(lines)
    _mark_tail(lines)
    title = _mark_head(lines, title)
    _drop_repeats(lines)
    return _assemble([line for line in lines if line.kind != "drop"], title)


def normal(text: str) -> str:
    """Return letters and digits only, casefolded: what is left when scrapers' variants of a line are compared."""
    return _NO_LETTER.sub("", text).casefold()


def _lines(text: str) -> list[_Line]:
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _BREAKS.sub("\n", text)))
    lines: list[_Line] = []
    gap = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            lines.append(_Line(stripped, gap if lines else 0))
            gap = 0
        else:
            gap += 1
    return _unwrapped(lines)


def _unwrapped(lines: list[_Line]) -> list[_Line]:
    """Join the lines of a text that was broken at a fixed width; other texts are returned as they are."""
    width = _broken_at(lines)
    if not width:
        return lines
    joined = lines[:1]
    last = lines[0].text
    for line in lines[1:]:
        if line.gap or _BULLET.match(line.text) or len(last) < width - 25:
            joined.append(line)
        else:
            joined[-1].text += " " + line.text
        last = line.text
    return joined


def _broken_at(lines: list[_Line]) -> int:
    """Return the width, in characters, at which all lines of a text are broken; 0 where each line is a paragraph."""
    pairs = [(a.text, b.text) for a, b in zip(lines, lines[1:], strict=False) if not b.gap and not _BULLET.match(b.text)]
    width = max((len(a) for a, _ in pairs), default=0)
    full = sum(1 for a, _ in pairs if len(a) >= width - 16)
    broken = sum(1 for a, _ in pairs if not _TERMINAL.search(a))
    # Mid-sentence, most lines begin with a small letter.
    small = sum(1 for _, b in pairs if b[0].islower())
    enough = len(pairs) >= 3 and 40 <= width <= 100
    return width if enough and full >= 0.7 * len(pairs) and broken >= 0.6 * len(pairs) and small >= 0.4 * len(pairs) else 0


def _known_title(lines: list[_Line], title: str | None) -> str | None:
    """Put a given headline in front unless the text begins with it; return it as it stands in the text."""
    title = " ".join((title or "").split())
    if not title:
        return None
    wanted = normal(re.sub(r"\s+[|–—-]\s+[^|–—-]{2,40}$", "", title)) or normal(title)
    for line in lines[:HEAD_LINES]:
        found = normal(line.text)
        if found and (found in (wanted, normal(title)) or (len(found) >= 20 and wanted.startswith(found))):
            line.kind = "headline"
            return line.text
        if len(wanted) >= 20 and found.startswith(wanted) and len(found) > len(wanted):
            return title
    if lines:
        lines[0].gap = 1
    lines.insert(0, _Line(title, 0, "headline"))
    return title


def _insert_caption(lines: list[_Line], caption: str) -> None:
    """Put a caption that came beside the text behind the headline; mark it where the text has it already."""
    caption = " ".join(caption.split())
    for line in lines:
        if normal(line.text) == normal(caption):
            line.kind = line.kind or "caption"
            return
    at = 1 if lines and lines[0].kind == "headline" else 0
    if caption:
        lines.insert(at, _Line(caption, 1 if at else 0, "caption"))
        if len(lines) > at + 1:
            lines[at + 1].gap = max(lines[at + 1].gap, 1)


def _mark_everywhere(lines: list[_Line]) -> None:
    for line in lines:
        if line.kind:
            continue
        if is_line("noise", line.text):
            line.kind = "drop"
        elif is_line("furniture", line.text):
            line.kind = "boilerplate"
        elif _is_caption(line.text):
            line.kind = "caption"


def _is_caption(line: str) -> bool:
    """Whether the words alone show a caption: a label in front, or a picture's credit behind a date or a short line."""
    if len(line) > LONGEST_CAPTION:
        return False
    if is_line("caption", line):
        return True
    tail = line[-90:]
    return speaks_of("credit", tail) and (bool(find_days(tail)) or speaks_of("archive", tail) or len(line) < 160)


def _mark_tail(lines: list[_Line]) -> None:
    """Mark what stands behind the story, from the last line upwards to the first that is story."""
    story = sum(1 for line in lines if not line.kind)
    for line in reversed(lines):
        if line.kind in ("drop", "boilerplate"):
            continue
        if line.kind or story <= 1:
            return
        if is_line("end", line.text, "tail"):
            line.kind = "drop"
        elif is_line("furniture", line.text, "tail"):
            line.kind = "boilerplate"
        elif is_only_date(line.text):
            line.kind = "dateline"
        else:
            return
        story -= 1


def _mark_head(lines: list[_Line], title: str | None) -> str | None:
    """Mark kickers, headline, bylines, date lines and captions before the story; return the headline."""
    _mark_between_repeats(lines)
    labels: list[_Line] = []
    for number, line in enumerate(lines[:HEAD_LINES]):
        if line.kind in ("drop", "boilerplate", "caption", "headline"):
            title = title or (line.text if line.kind == "headline" else None)
            continue
        line.kind = _head_kind(line, lines[number + 1 :], title, bool(labels))
        if line.kind == "kicker":
            line.kind = "headline"
            labels.append(line)
        elif line.kind == "headline":
            title = line.text
        elif line.kind == "story":
            break
    return title or (labels[0].text if labels else None)


def _is_label(text: str) -> bool:
    """Whether a first line names the kind or place of the text rather than its subject: three words in capitals."""
    return text.isupper() and len(text.split()) <= 3 and not find_days(text)


def _head_kind(line: _Line, below: Sequence[_Line], title: str | None, labelled: bool) -> str:
    text = line.text
    if is_line("furniture", text, "head"):
        return "boilerplate"
    if title is None and (is_line("kicker", text, "head") or _is_label(text)):
        # "HIGHLIGHTS" above a list heads a section, not the text.
        return "story" if below and not below[0].gap and _BULLET.match(below[0].text) else "kicker"
    if is_only_date(text) or is_dateline_alone(text):
        return "dateline"
    if title is None and not (labelled and is_date_line(text)) and _is_headline(text, below):
        return "headline"
    if is_date_line(text) and any(not b.kind for b in below):
        return "dateline"
    return "story"


def _is_headline(text: str, below: Sequence[_Line]) -> bool:
    """Whether the first line of a text heads what is below: no sentence, no dateline, and a story follows."""
    if len(text) > LONGEST_HEADLINE or _BULLET.match(text) or dateline_end(text):
        return False
    if re.search(r"[.,;:][\"'”’»)\]]*$", text) and not text.endswith(("...", "…")):
        return False
    return any(not line.kind or line.kind == "caption" for line in below)


def _mark_between_repeats(lines: list[_Line]) -> None:
    """Where the headline is repeated around its caption, the lines in between are captions (a scraper's doubled head)."""
    head = [line for line in lines[: 2 * HEAD_LINES] if line.kind != "boilerplate"]
    first = next((line for line in head if line.kind != "drop" and not is_line("kicker", line.text, "head")), None)
    if first is None or first.kind == "caption" or len(first.text) > LONGEST_HEADLINE:
        return
    again = [n for n, line in enumerate(head) if line is not first and normal(line.text) == normal(first.text)]
    if again:
        first.kind = "headline"
        for line in head[: again[0]]:
            line.kind = line.kind or "caption"
    _mark_doubled(head)


def _mark_doubled(head: list[_Line]) -> None:
    """Outside a doubled headline, a line that stands twice before the story is a caption."""
    texts = [normal(line.text) for line in head]
    for line, text in zip(head, texts, strict=True):
        if not line.kind and texts.count(text) > 1 and len(line.text) <= LONGEST_CAPTION:
            line.kind = "caption"


def _drop_repeats(lines: list[_Line]) -> None:
    """Keep headlines, captions and long lines once; of a caption's variants the longest. Short lines of lists may repeat."""
    kept: dict[str, _Line] = {}
    for line in lines:
        text = normal(line.text)
        same = kept.get(text) or next((k for t, k in kept.items() if len(text) >= 40 and text in t), None)
        shorter = next((k for t, k in kept.items() if k.kind == "caption" and len(t) >= 40 and text.startswith(t)), None)
        if line.kind == "drop":
            continue
        if same and (same.kind in ("headline", "caption") or len(text) >= 80):
            line.kind = "drop"
        elif shorter and line.kind in ("caption", "") and len(line.text) < 1.5 * len(shorter.text):
            shorter.text, line.kind = line.text, "drop"
        elif line.kind in ("headline", "caption") or len(text) >= 80:
            kept[text] = line


def _assemble(lines: list[_Line], title: str | None) -> Cleaned:
    parts: list[str] = []
    zones: list[Zone] = []
    at, begun = 0, False
    last = next((line for line in reversed(lines) if line.kind in ("", "story")), None)
    for number, line in enumerate(lines):
        if number:
            glue = _glue(lines[number - 1], line)
            parts.append(glue)
            at += len(glue)
        if line.kind in ("headline", "caption", "dateline", "boilerplate"):
            zones.append(Zone(line.kind, at, at + len(line.text)))
        elif not begun:
            begun = True
            end = dateline_end(line.text)
            if end:
                zones.append(Zone("dateline", at, at + end))
        if line is last:
            signature = compiled("signature").search(line.text)
            if signature:
                zones.append(Zone("boilerplate", at + signature.start(), at + len(line.text)))
        parts.append(line.text)
        at += len(line.text)
    return Cleaned("".join(parts), title, tuple(zones))


def _glue(above: _Line, line: _Line) -> str:
    """A blank line between paragraphs and zones; lists, tables and live entries keep their line breaks."""
    if line.gap or above.kind in ("headline", "caption") or line.kind in ("headline", "caption"):
        return "\n\n"
    if (above.kind == "dateline") != (line.kind == "dateline"):
        return "\n\n"
    if _BULLET.match(line.text) or _BULLET.match(above.text):
        return "\n"
    prose = len(above.text) > 110 or (len(above.text) > STORY_LINE and _TERMINAL.search(above.text))
    return "\n\n" if prose and len(line.text) > STORY_LINE else "\n"
