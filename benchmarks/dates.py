"""Date a file of texts with the date component, in the form that a TIMEX3 scorer reads.

    python benchmarks/dates.py GOLD OUT

GOLD: lines of JSON with `id`, `dct` (publication day) and `text`. OUT: lines of JSON with `id` and `timex`, a list of
`start`, `end` (characters) and `value`. Prints the number of texts a second.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import spacy

import pipeline.annotate.dates  # noqa: F401  (registers the factory)
from pipeline.mentions import mentions_of


def main() -> None:
    """Read the arguments, date the texts, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    articles = [json.loads(line) for line in arguments.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    nlp = spacy.blank("en")
    component = nlp.add_pipe("conflict_dates")
    docs = [nlp.make_doc(article["text"]) for article in articles]
    for doc, article in zip(docs, articles, strict=True):
        if article.get("dct"):
            doc._.published, doc._.published_basis = dt.date.fromisoformat(article["dct"][:10]), "metadata"
    component(nlp.make_doc("They left on 3 May 2021."))  # dateparser loads its English data
    started = time.perf_counter()
    for doc in docs:
        component(doc)
    seconds = time.perf_counter() - started
    rows = ({"id": article["id"], "timex": _timexes(doc)} for article, doc in zip(articles, docs, strict=True))
    arguments.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    characters = sum(len(doc.text) for doc in docs)
    print(f"{len(docs)} texts, {len(docs) / seconds:.0f} texts and {characters / seconds / 1000:.0f} kB a second")


def _timexes(doc: spacy.tokens.Doc) -> list[dict[str, Any]]:
    return [
        {"start": span.start_char, "end": span.end_char, "value": span._.mention.canonical}
        for span in mentions_of(doc, "DATE")
    ]


if __name__ == "__main__":
    main()
