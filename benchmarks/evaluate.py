"""The evaluation gate: code the gold articles, score the rows, compare with the pinned floors.

    python -m benchmarks.evaluate [FILES] [--details errors.csv] [--confidence] [--update [--allow-fall]]

Exits with 1 when a headline figure is more than TOLERANCE below its floor, or when a gold file is not the one that the
floors were measured on. Floors only rise: `--update` keeps one that was not reached, unless `--allow-fall` is given.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scoring import CELLS, Judgement, Row, Score, score
from pipeline.engines.local import Settings, run_all
from pipeline.tables import read_table

GOLD = Path(__file__).parent.parent / "tests" / "gold"
# What weights are fitted on, and what nobody who writes rules looks at.
LEARNT_FROM = (
    *("dev", "dev2", "dev3", "dev4", "dev5", "dev6", "dev7", "dev8", "dev9", "dev10"),
    *("notes", "notes2", "notes3", "notes4"),
)
HELD_BACK = ("fresh", "fresh2", "fresh3", "fresh_notes")
FLOORS = Path(__file__).with_name("floors.json")
HEADLINES = (
    "F1",
    "whole-row F1",
    "event_type",
    "sub_event_type",
    "actor pair",
    "event_date",
    "location",
    "fatalities",
    "part_of",
    "kept empty",
)
# Rounding of floors and the odd row that a new gazetteer moves; a change of the rules is larger.
TOLERANCE = 0.005
AGAIN = "python -m benchmarks.evaluate --update"
# Where the bins of `confidence` begin.
BINS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Result:
    """One gold file and how its articles were coded."""

    name: str
    digest: str
    score: Score

    @property
    def headlines(self) -> dict[str, float]:
        """The figures that have floors, to three digits; one that this file cannot measure is left out."""
        figures = self.score.figures()
        return {name: round(value, 3) for name in HEADLINES if (value := figures[name]) is not None}


def main() -> int:
    """Code, score, print, compare; return the exit status."""
    options = _options()
    results = evaluate(options.files or sorted(GOLD.glob("*.jsonl")), options.workers)
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    print(table(results))
    if options.confidence:
        print(reliability(j for result in results for j in result.score.judgements))
    if options.details:
        write_details(options.details, results)
    if options.update:
        floors |= {r.name: raised(r, floors.get(r.name, {}), allow_fall=options.allow_fall) for r in results}
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    problems = [problem for result in results for problem in shortfalls(result, floors.get(result.name))]
    print("\n".join(problems or ["all figures reach their floors"]))
    return 1 if problems else 0


def evaluate(files: Iterable[Path], workers: int) -> list[Result]:
    """Code the articles of gold files with the shipped pipeline, as `conflict-events run` would, and score them."""
    articles = {path: gold_articles(path) for path in files}
    reports = _coded(articles, workers)
    return [
        Result(path.stem, hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest(), score(gold, reports))
        for path, gold in articles.items()
    ]


def _coded(articles: Iterable[Path], workers: int) -> dict[str, list[Row]]:
    """Return the rows of `reports` by article."""
    reports: dict[str, list[Row]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        run_all(articles, Path(folder), Settings(workers=workers))
        for row in read_table(Path(folder), "rejects").to_pylist():
            print(f"{row['source_path']}: {row['stage']}: {row['reason']}", file=sys.stderr)
        for row in read_table(Path(folder), "reports").to_pylist():
            reports[row["doc_id"]].append(row)
    return dict(reports)


def shortfalls(result: Result, pinned: dict[str, Any] | None) -> Iterator[str]:
    """Yield a line for each thing that fails the gate."""
    if pinned is None:
        yield f"{result.name}: no floors yet; pin them: {AGAIN}"
        return
    if pinned["digest"] != result.digest:
        yield f"{result.name}: the gold file changed; measure again: {AGAIN}"
    for name, floor in pinned["floors"].items():
        figure = result.headlines.get(name)
        if figure is None or figure < floor - TOLERANCE:
            yield f"{result.name}: {name} is {_number(figure)}, its floor is {floor:.3f}"


def raised(result: Result, pinned: dict[str, Any], *, allow_fall: bool) -> dict[str, Any]:
    """Return new floors: what was measured, but none lower than it was unless `allow_fall`."""
    old = {} if allow_fall else pinned.get("floors", {})
    floors = {name: max(figure, old.get(name, 0.0)) for name, figure in result.headlines.items()}
    return {"digest": result.digest, "floors": old | floors}


def table(results: list[Result]) -> str:
    """Return counts and ratios as a text table, a column a file."""
    lines = [("", *(result.name for result in results))]
    lines.append(("articles", *(str(r.score.articles) for r in results)))
    for outcome in ("found", "missed", "extra"):
        lines.append((outcome, *(str(r.score.outcomes[outcome]) for r in results)))
    figures = [result.score.figures() for result in results]
    for name in figures[0] if figures else ():
        label = f"  {name}" if name in CELLS else name
        lines.append((label, *(_number(f[name]) for f in figures)))
    width = max(8, *(len(result.name) + 2 for result in results))
    return "\n".join(f"{line[0]:22}" + "".join(f"{cell:>{width}}" for cell in line[1:]) for line in lines)


def reliability(judgements: Iterable[Judgement]) -> str:
    """Return a table that says how far `confidence` can be relied on: rows of each bin, and the share that is right."""
    bins: dict[float, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        if judgement.row is not None:
            # Stored as a 32-bit float: 0.6 comes back as 0.60000002.
            confidence = round(judgement.row["confidence"], 4)
            bins[max(start for start in BINS if start <= confidence)].append(judgement)
    lines = [f"\n{'confidence from':22}{'rows':>8}{'found':>8}{'whole':>8}"]
    for start, rows in sorted(bins.items()):
        found = sum(j.outcome != "extra" for j in rows) / len(rows)
        whole = sum(j.whole for j in rows) / len(rows)
        lines.append(f"{start:<22}{len(rows):>8}{found:>8.3f}{whole:>8.3f}")
    return "\n".join(lines)


def write_details(path: Path, results: list[Result]) -> None:
    """Write a CSV line for each missed row, extra row and wrong cell, with the passage."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "doc_id", "what", "cell", "gold", "coded", "passage"))
        for result in results:
            for judgement in result.score.judgements:
                writer.writerows((result.name, judgement.doc_id, *line) for line in _faults(judgement))


def _faults(judgement: Judgement) -> Iterator[tuple[str, str, str, str, str]]:
    gold, row = judgement.gold, judgement.row
    if judgement.outcome == "extra" and row is not None:
        yield "extra", "", "", str(row["sub_event_type"]), row["notes"]
    elif judgement.outcome == "missed" and gold is not None:
        yield "missed", "", str(gold["sub_event_type"]), "", gold["evidence"]
    elif judgement.outcome == "found" and gold is not None and row is not None:
        for cell in (name for name in CELLS if name in judgement.wrong):
            yield "wrong", cell, _shown(gold, cell), _shown(row, cell), gold["evidence"]


def _shown(row: Row, cell: str) -> str:
    columns = {"actor pair": ("actor1", "actor2"), "inter pair": ("inter1", "inter2")}.get(cell, (cell,))
    return " / ".join("-" if row[column] is None else str(row[column]) for column in columns)


def _number(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.3f}"


def gold_articles(path: Path) -> list[Row]:
    """Read a gold file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score the coding on gold articles, compare with the pinned floors.")
    parser.add_argument("files", nargs="*", type=Path, help="gold files; all of tests/gold when left out")
    parser.add_argument("--details", type=Path, metavar="CSV", help="write every missed, extra and wrong cell")
    parser.add_argument("--confidence", action="store_true", help="say how far `confidence` can be relied on")
    parser.add_argument("--update", action="store_true", help="raise the floors to what was measured")
    parser.add_argument("--allow-fall", action="store_true", help="with --update: lower them as well")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
