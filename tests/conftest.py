"""What the tests share: the pipeline loaded once, the real command, and texts of our own."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

import pipeline
from pipeline import texts
from pipeline.encode import encode
from pipeline.ingest import document

ROOT = Path(__file__).parents[1]
CODED_AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def nlp() -> Language:
    return pipeline.load()


@pytest.fixture(scope="session")
def coded(nlp: Language) -> Callable[..., list[dict[str, Any]]]:
    """Code one text: `coded(text, published="2024-10-30")` returns its rows of `reports`."""

    def code(text: str, **about: Any) -> list[dict[str, Any]]:
        row = document(text, **about)
        return encode(nlp(texts.new_doc(nlp, row)), row, CODED_AT)

    return code


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `conflict-events` as a process of its own: `command("run", path, "--out", out, cwd=..., stdin=...)`."""

    def run(*arguments: object, cwd: Path | None = None, stdin: str = "", **environment: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    return run
