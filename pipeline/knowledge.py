"""Where the knowledge tables and the language model are, in a checkout or in an installed wheel."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent

Row = TypeVar("Row", bound=BaseModel)


class KnowledgeError(ValueError):
    """A knowledge table breaks its schema; the message names file, line, column and value."""


def knowledge_path(name: str) -> Path:
    """Return the path of a file or folder of `data/knowledge`.

    Raises FileNotFoundError when neither the wheel nor the checkout holds it.
    """
    return _find("_knowledge", Path("data/knowledge"), name)


def model_path() -> Path:
    """Return the folder of the shipped spaCy pipeline, for `spacy.load`."""
    return _find("_models", Path("models"), "conflict_en")


@cache
def _find(packaged: str, in_checkout: Path, name: str) -> Path:
    for root in (_PACKAGE / packaged, _CHECKOUT / in_checkout):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is neither in the installed package nor in {in_checkout} of a checkout")


def read_table(path: Path, schema: type[Row]) -> list[Row]:
    """Read a UTF-8 CSV file with a header into checked rows; lines that begin with `#` are comments.

    Empty cells are left to the schema's defaults. Raises KnowledgeError with file, line, column and value.
    """
    rows: list[Row] = []
    for number, cells in _csv_rows(path):
        try:
            rows.append(schema.model_validate({k: v for k, v in cells.items() if v != ""}))
        except ValidationError as error:
            raise KnowledgeError(_explain(path, number, cells, error)) from None
    return rows


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        numbered = ((n, line) for n, line in enumerate(file, 1) if line.strip() and not line.startswith("#"))
        header: list[str] | None = None
        for number, line in numbered:  # each read by itself, so that an unclosed quote spoils no line but its own
            values = next(csv.reader([line]))
            if header is None:
                header = values
                continue
            if len(values) != len(header):
                raise KnowledgeError(f"{path}, line {number}: {len(values)} cells, the header has {len(header)}")
            yield number, dict(zip(header, (v.strip() for v in values), strict=True))


def _explain(path: Path, number: int, cells: dict[str, str], error: ValidationError) -> str:
    problem = error.errors()[0]
    column = str(problem["loc"][0]) if problem["loc"] else "row"
    return f"{path}, line {number}, column {column}: {cells.get(column, '')!r}: {problem['msg']}"
