"""The words that report events, as tables of data/knowledge: triggers and their senses, weapons, contexts.

Annotate finds the words, encode chooses their sense; both read them here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from pipeline.knowledge import knowledge_path, read_table


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TriggerRow(_Row):
    """One sense of one or more trigger words; see the head of triggers.csv."""

    words: str
    pos: str = Field(pattern="^[VN*]$")
    frame: str
    subject: str | None = None
    object: str | None = None
    near: str | None = None


class FrameRow(_Row):
    """What a frame means when nothing in the text says more."""

    frame: str
    sub_event_type: str | None = None
    kind: str = Field(pattern="^(act|result|weak)$")
    subject: str = Field(default="acts", pattern="^(acts|undergoes|blamed|repels)$")
    firm: str | None = Field(default=None, pattern="^yes$")


class ListRow(_Row):
    """A named list of words, separated by `|`."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A trigger's lemmas and part of speech (V verb, N noun, * any); senses are looked up by it."""

    lemmas: tuple[str, ...]
    pos: str

    @property
    def key(self) -> str:
        """The form that stands in mentions.canonical."""
        return f"{' '.join(self.lemmas)}.{self.pos}"


def word_parts(words: str) -> tuple[str, ...]:
    """Return the tokens of a word or phrase as the model's tokenizer would: hyphens stand alone."""
    return tuple(words.replace("-", " - ").split())


@cache
def senses() -> dict[str, list[TriggerRow]]:
    """Return the senses of each pattern key, in the order of the table: the first that fits is meant."""
    known = frames()
    table: dict[str, list[TriggerRow]] = defaultdict(list)
    for row in read_table(knowledge_path("triggers.csv"), TriggerRow):
        if row.frame not in known:
            raise ValueError(f"triggers.csv: unknown frame {row.frame!r} for {row.words!r}")
        for words in row.words.split("|"):
            table[Pattern(word_parts(words), row.pos).key].append(row)
    return dict(table)


@cache
def patterns_by_head() -> dict[str, list[Pattern]]:
    """Return trigger patterns by the lemma that anchors them, longest first.

    Verb patterns are anchored by their first word, noun patterns by their last, their syntactic heads.
    """
    table: dict[str, list[Pattern]] = defaultdict(list)
    for key in senses():
        words, pos = key.rsplit(".", 1)
        pattern = Pattern(tuple(words.split(" ")), pos)
        anchor = pattern.lemmas[0] if pos == "V" else pattern.lemmas[-1]
        table[anchor].append(pattern)
    return {lemma: sorted(found, key=lambda p: (-len(p.lemmas), p.pos)) for lemma, found in table.items()}


@cache
def frames() -> dict[str, FrameRow]:
    """Return the frames by name."""
    return {row.frame: row for row in read_table(knowledge_path("frames.csv"), FrameRow)}


@cache
def word_lists(file: str) -> dict[str, tuple[str, ...]]:
    """Return the named word lists of a table with the columns `name` and `words` (separated by `|`)."""
    return {row.name: tuple(row.words.split("|")) for row in read_table(knowledge_path(file), ListRow)}


@cache
def word_set(file: str, name: str) -> frozenset[str]:
    """Return one named list of a table of word lists, for look-ups."""
    return frozenset(word_lists(file)[name])


@cache
def word_classes(file: str) -> dict[str, str]:
    """Return word (its tokens parted by blanks) -> name of the first list that holds it."""
    table: dict[str, str] = {}
    for name, words in word_lists(file).items():
        for word in words:
            table.setdefault(" ".join(word_parts(word)), name)
    return table
