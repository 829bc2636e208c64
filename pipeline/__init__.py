"""conflict-events: news articles in, ACLED-style event table out.

>>> import pipeline
>>> text = "Two soldiers were killed in Kidal on Monday when their convoy hit a mine."
>>> pipeline.extract(text, published="2024-10-30")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.api import extract
    from pipeline.model import load

__all__ = ["__version__", "extract", "load"]


def __getattr__(name: str) -> Any:
    """Import spaCy and the model's code only when they are asked for: `--help` need not wait for them."""
    if name == "extract":
        from pipeline.api import extract

        return extract
    if name == "load":
        from pipeline.model import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
