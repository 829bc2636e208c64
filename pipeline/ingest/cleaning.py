"""Cleaning: tell the story from what a page puts around it.

Nothing that could hold a fact is thrown away. Headlines and captions are kept once and marked; bylines, credits of
reporters, tags and links to other stories are kept and marked as boilerplate; only what cannot hold a fact (cookie
banners, share buttons, repeated lines) is dropped. Zones count characters of the cleaned text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.ingest.boilerplate import compiled, is_line, speaks_of
from pipeline.ingest.datelines import dateline_end, is_date_line, is_dateline_alone, is_only_date
from pipeline.ingest.day_expressions import find_days
from pipeline.ingest.lines import BULLET, TERMINAL, Line, normal, read_lines

LONGEST_HEADLINE = 240
CAPTION_WORDS = 5  # fewer with a credit are only a credit
SHORTEST_CAPTION, LONGEST_CAPTION = 40, 600
_CREDIT = re.compile(r"[.,]?\s*(?:[-–—|/]\s?.{2,48}|[(\[].{2,48}[)\]]\.?)")
# Lines of a story before it may be taken for begun, and how far down a page a headline is looked for.
STORY_LINE = 60
HEAD_LINES = 14
LONG_LINE = 80  # letters from which a line that comes again is a scraper's doubling, not a list's "No casualties."
SAME_CAPTION = 24  # letters that two variants of a caption must share


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


def clean(text: str, *, title: str | None = None, captions: Iterable[str] = (), source: str | None = None) -> Cleaned:
    """Return the cleaned text.

    `title` and `captions` are what is known beside the text; both are put in where it lacks them. A line that holds
    nothing but the name of the `source` is boilerplate.
    """
    lines = read_lines(text)
    for line in lines:
        number = compiled("gallery").match(line.text)
        if number and number.end() < len(line.text):
            line.text = line.text[number.end() :]
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
    return _assemble(_kept(lines), title)


def _known_title(lines: list[Line], title: str | None) -> str | None:
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
    lines.insert(0, Line(title, 0, "headline"))
    return title


def _insert_caption(lines: list[Line], caption: str) -> None:
    """Put a caption that came beside the text behind the headline; mark it where the text has it already."""
    caption = " ".join(caption.split())
    for line in lines:
        if normal(line.text) == normal(caption):
            line.kind = line.kind or "caption"
            return
    at = 1 if lines and lines[0].kind == "headline" else 0
    if caption:
        lines.insert(at, Line(caption, 1 if at else 0, "caption"))
        if len(lines) > at + 1:
            lines[at + 1].gap = max(lines[at + 1].gap, 1)


def _mark_everywhere(lines: list[Line]) -> None:
    listed = False  # within a list of other stories
    for line in lines:
        listed = (listed or is_line("open", line.text)) and not is_line("close", line.text)
        if line.kind:
            continue
        if is_line("noise", line.text) or is_line("open", line.text) or is_line("close", line.text):
            line.kind = "drop"
        elif (listed and not _is_sentence(line.text)) or is_line("furniture", line.text):
            line.kind = "boilerplate"
        elif _is_caption(line.text):
            line.kind = "caption"


def _is_sentence(text: str) -> bool:
    return len(text) > STORY_LINE and TERMINAL.search(text) is not None


def _is_caption(line: str) -> bool:
    """Whether the words alone show a caption: a label in front, or a picture's credit behind a date or a short line."""
    if len(line) > LONGEST_CAPTION:
        return False
    if is_line("caption", line):
        return True
    if len(line.split()) < CAPTION_WORDS:
        return False
    tail = line[-90:]
    days = find_days(line)
    # "... in the valley, May 6, 2024 - X/Y": what stands behind a date at the end of a line is a credit.
    if days and days[-1].year and len(line[: days[-1].start].split()) >= 6 and _CREDIT.fullmatch(line[days[-1].end :]):
        return True
    return speaks_of("credit", tail) and (bool(find_days(tail)) or speaks_of("archive", tail) or len(line) < 160)


def _mark_tail(lines: list[Line]) -> None:
    """Mark what stands behind the story, from the last line upwards to the first that is story."""
    _mark_other_matter(lines)
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


def _mark_other_matter(lines: list[Line]) -> None:
    """Mark what stands below "Related topics" and the like, where no sentence of a story follows any more."""
    below = len(lines)
    while below and not _is_sentence(lines[below - 1].text):
        below -= 1
    start = next((n for n in range(max(below, 1), len(lines)) if is_line("after", lines[n].text)), len(lines))
    for line in lines[start:]:
        line.kind = line.kind or "boilerplate"


def _mark_head(lines: list[Line], title: str | None) -> str | None:
    """Mark kickers, headline, bylines, date lines and captions before the story; return the headline."""
    _mark_between_repeats(lines)
    labels: list[Line] = []
    fields = _fields(lines)
    for number, line in enumerate(lines[:HEAD_LINES]):
        if line.kind in ("drop", "boilerplate", "caption", "headline"):
            title = title or (line.text if line.kind == "headline" else None)
            continue
        above = lines[number - 1] if number else None
        if above and not line.gap and above.kind == "boilerplate" and _is_affiliation(line.text):
            line.kind = "boilerplate"
            continue
        is_field = line.text.partition(":")[0] in fields
        line.kind = _head_kind(line, lines[number + 1 :], title, bool(labels), is_field)
        if line.kind == "kicker":
            line.kind = "headline"
            labels.append(line)
        elif line.kind == "headline":
            title = line.text
        elif line.kind == "story" and (_is_sentence(line.text) or dateline_end(line.text) or BULLET.match(line.text)):
            break
    return title or (labels[0].text if labels else None)


def _is_affiliation(text: str) -> bool:
    """Whether a line below a byline names the writer's house: "BBC News", "Associated Press"."""
    words = text.split()
    return len(words) <= 4 and all(word[0].isupper() for word in words) and not find_days(text)


def _is_label(text: str) -> bool:
    """Whether a first line names the kind or place of the text rather than its subject: three words in capitals."""
    return text.isupper() and len(text.split()) <= 3 and not find_days(text)


def _head_kind(line: Line, below: Sequence[Line], title: str | None, labelled: bool, is_field: bool) -> str:
    text = line.text
    if is_line("furniture", text, "head"):
        return "boilerplate"
    if title is None and (is_line("kicker", text, "head") or _is_label(text)):
        # "HIGHLIGHTS" above a list heads a section, not the text.
        return "story" if below and not below[0].gap and BULLET.match(below[0].text) else "kicker"
    if not is_field and (is_only_date(text) or is_dateline_alone(text)):
        return "dateline"
    if title is None and not (labelled and is_date_line(text)) and _is_headline(text, below):
        return "headline"
    if not is_field and is_date_line(text) and any(not b.kind for b in below):
        return "dateline"
    return "caption" if title is not None and _is_pictured(text, below) else "story"


def _is_pictured(text: str, below: Sequence[Line]) -> bool:
    """Whether a line between headline and dateline ends in a full date, as agencies' captions do: "..., May 6, 2024."""
    days = find_days(text)
    first = next((line for line in below if not line.kind), None)
    if not days or not days[-1].year or first is None or not dateline_end(first.text):
        return False
    return (
        len(text.split()) >= CAPTION_WORDS and len(text) <= LONGEST_CAPTION and text[days[-1].end :].strip(" .") == ""
    )


def _fields(lines: list[Line]) -> frozenset[str]:
    """The labels that come more than once ("Date: 3 May 2024" in a list of incidents): they date no text."""
    labels = Counter(line.text.partition(":")[0] for line in lines if ":" in line.text)
    return frozenset(label for label, times in labels.items() if times > 1)


def _is_headline(text: str, below: Sequence[Line]) -> bool:
    """Whether the first line of a text heads what is below: no sentence, no dateline, and a story follows."""
    if len(text) > LONGEST_HEADLINE or BULLET.match(text) or dateline_end(text):
        return False
    if re.search(r"[.,;:][\"'”’»)\]]*$", text) and not text.endswith(("...", "…")):
        return False
    return any(not line.kind or line.kind == "caption" for line in below)


def _mark_between_repeats(lines: list[Line]) -> None:
    """Where scrapers give the headline twice, around its caption, the lines in between are captions."""
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


def _mark_doubled(head: list[Line]) -> None:
    """Outside a doubled headline, a line that stands twice before the story is a caption."""
    texts = [normal(line.text) for line in head]
    for line, text in zip(head, texts, strict=True):
        long_enough = SHORTEST_CAPTION <= len(line.text) <= LONGEST_CAPTION and not BULLET.match(line.text)
        if not line.kind and long_enough and texts.count(text) > 1:
            line.kind = "caption"


def _drop_repeats(lines: list[Line]) -> None:
    """Keep headlines, captions and long lines once, of a caption's variants the longest; short lines may repeat."""
    heads: dict[str, Line] = {}  # headlines and captions
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if line.kind == "drop":
            continue
        text = normal(line.text)
        # Further down, "Aleppo" is the head of a section and not the headline again.
        same = text in heads and (len(text) >= SAME_CAPTION or number < 2 * HEAD_LINES)
        variant = next((k for t, k in heads.items() if min(len(t), len(text)) >= SAME_CAPTION and t in text), None)
        if same or (len(text) >= LONG_LINE and text in seen) or _is_cut_short(text, heads):
            line.kind = "drop"
        elif variant and variant.kind == "caption" and len(line.text) < 1.5 * len(variant.text):
            variant.text, line.kind = line.text, "drop"
        elif line.kind in ("headline", "caption"):
            heads[text] = line
        seen.add(text)


def _is_cut_short(text: str, heads: dict[str, Line]) -> bool:
    return len(text) >= SAME_CAPTION and any(text in head for head in heads)


def _kept(lines: list[Line]) -> list[Line]:
    """Leave out what is dropped; the blank lines around it still part what is left."""
    kept: list[Line] = []
    gap = 0
    for line in lines:
        gap = max(gap, line.gap)
        if line.kind != "drop":
            line.gap, gap = gap, 0
            kept.append(line)
    return kept


def _assemble(lines: list[Line], title: str | None) -> Cleaned:
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


def _glue(above: Line, line: Line) -> str:
    """A blank line between paragraphs and zones; lists, tables and live entries keep their line breaks."""
    if line.gap or above.kind in ("headline", "caption") or line.kind in ("headline", "caption"):
        return "\n\n"
    if above.kind != line.kind and {above.kind, line.kind} - {"", "story"}:
        return "\n\n"
    if BULLET.match(line.text) or BULLET.match(above.text):
        return "\n"
    prose = len(above.text) > 110 or (len(above.text) > STORY_LINE and TERMINAL.search(above.text))
    return "\n\n" if prose and len(line.text) > STORY_LINE else "\n"
