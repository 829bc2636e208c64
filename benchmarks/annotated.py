"""Gold articles with the Docs that the pipeline makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc

from benchmarks.evaluate import GOLD, gold_articles
from pipeline import load, texts
from pipeline.ingest import ingest
from pipeline.tables import Row


@dataclass(frozen=True, slots=True)
class Text:
    """An article of a gold file: its row of `documents`, its annotated text, and the rows that a coder made of it."""

    file: str
    document: Row
    doc: Doc
    gold: list[Row]

    @property
    def name(self) -> str:
        """The article's id."""
        return str(self.document["doc_id"])


def annotated(files: Iterable[str]) -> list[Text]:
    """Return the articles of gold files, by the names of the files."""
    nlp = load()
    found = []
    for file in files:
        path = GOLD / f"{file}.jsonl"
        gold = {article["id"]: article["rows"] for article in gold_articles(path)}
        rows = (row for table, row in ingest([path]) if table == "documents")
        found += [Text(file, row, nlp(texts.new_doc(nlp, row)), gold[row["doc_id"]]) for row in rows]
    return found
