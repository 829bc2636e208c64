"""What an analyst needs in a notebook: the coded reports of a text as a DataFrame."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pandas as pd
from spacy.language import Language

from pipeline import tables, texts
from pipeline.encode import encode
from pipeline.ingest import document
from pipeline.model import load


@cache
def _shared() -> Language:
    return load()


def extract(
    text: str,
    *,
    published: str | dt.date | None = None,
    source: str | None = None,
    title: str | None = None,
    clean: bool = True,
    nlp: Language | None = None,
) -> pd.DataFrame:
    """Return the reports of one article as a DataFrame with the columns and types of the `reports` table.

    text (str): The article.
    published (str | date): Day of publication (ISO 8601); without it, relative dates stay open.
    clean (bool): Tell banners, bylines and credits from the story; False takes the text as given.
    Raises ValueError for a date that is not ISO 8601.
    """
    day = dt.date.fromisoformat(published) if isinstance(published, str) else published
    row = document(text, published=day, source=source, title=title, clean=clean)
    pipe = nlp or _shared()
    doc = pipe(texts.new_doc(pipe, row))
    reports = encode(doc, row, tables.now())
    return to_pandas(tables.to_arrow("reports", reports))


def to_pandas(table) -> pd.DataFrame:
    """Return an Arrow table as a DataFrame with nullable integers and real dates."""
    frame = table.to_pandas(types_mapper=_pandas_type)
    for name in table.schema.names:
        if str(table.schema.field(name).type).startswith("date"):
            frame[name] = pd.to_datetime(frame[name])
    return frame


def _pandas_type(kind):
    return {
        "int8": pd.Int8Dtype(),
        "int32": pd.Int32Dtype(),
        "int64": pd.Int64Dtype(),
        "string": pd.StringDtype(),
    }.get(str(kind))
