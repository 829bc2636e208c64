"""The `conflict-events` command: one command a stage, and `run` for all. No logic of its own."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.tables import PUBLIC_TABLES, SCHEMAS, read_rows, read_table
from pipeline.version import __version__

app = typer.Typer(
    name="conflict-events",
    help="News articles in, ACLED-style conflict event table out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
places = typer.Typer(help="Places beyond those that the package knows.", no_args_is_help=True)
app.add_typer(places, name="gazetteer")
err = Console(stderr=True)

NOTHING_READ = 1  # 2, bad usage, is Typer's own

Inputs = Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder that the tables are written to.")]
Tables = Annotated[Path, typer.Argument(help="Folder that holds the tables.")]
Published = Annotated[str | None, typer.Option(help="Publication date (YYYY-MM-DD) of inputs that lack one.")]
Source = Annotated[str | None, typer.Option(help="Publisher of inputs that name none.")]
Clean = Annotated[bool, typer.Option("--clean/--no-clean", help="Tell banners and bylines from the story.")]
Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes; the output is the same.")]
Model = Annotated[str | None, typer.Option(help="Another spaCy pipeline (name or path) for syntax and names.")]


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=lambda on: _print_version(on), help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    inputs: Inputs,
    out: Out,
    published: Published = None,
    source: Source = None,
    clean: Clean = True,
    workers: Workers = 1,
    model: Model = None,
) -> None:
    """Take articles to events: all stages, all five tables.

    [dim]Example: conflict-events run articles/ --out events --published 2024-10-30[/dim]
    """
    from pipeline.engines import local

    began = time.monotonic()
    with _reported(), _progress("Coding articles") as advance:
        counts = local.run_all(
            inputs,
            out,
            local.Settings(model=model, workers=workers),
            published=_day(published),
            source=source,
            clean=clean,
            progress=advance,
        )
    _summary(out, counts, began)


@app.command()
def ingest(inputs: Inputs, out: Out, published: Published = None, source: Source = None, clean: Clean = True) -> None:
    """Read, clean and date articles: writes documents and rejects.

    [dim]Example: conflict-events ingest 'news/*.html' --out events[/dim]
    """
    from pipeline.engines import local

    began = time.monotonic()
    with _reported(), _progress("Reading articles") as advance:
        counts = local.run_ingest(inputs, out, published=_day(published), source=source, clean=clean, progress=advance)
    _summary(out, counts, began)


@app.command()
def annotate(tables: Tables, workers: Workers = 1, model: Model = None) -> None:
    """Find actors, places, dates, counts and triggers: documents to mentions.

    [dim]Example: conflict-events annotate events --workers 2[/dim]
    """
    from pipeline.engines import local

    began = time.monotonic()
    with _reported(), _progress("Annotating") as advance:
        counts = local.run_annotate(tables, local.Settings(model=model, workers=workers), advance)
    _summary(tables, {"mentions": counts["mentions"]}, began)


@app.command()
def encode(tables: Tables, workers: Workers = 1) -> None:
    """Code what happened: mentions to reports.

    [dim]Example: conflict-events encode events[/dim]
    """
    from pipeline.engines import local

    began = time.monotonic()
    with _reported(), _progress("Encoding") as advance:
        counts = local.run_encode(tables, local.Settings(workers=workers), advance)
    _summary(tables, counts, began)


@app.command()
def merge(tables: Tables) -> None:
    """Merge reports of the same event: reports to events.

    [dim]Example: conflict-events merge events[/dim]
    """
    from pipeline.engines import local

    began = time.monotonic()
    with _reported():
        events = local.run_merge(tables)
    _summary(tables, {"events": events}, began)


@app.command()
def show(
    tables: Tables,
    table: Annotated[str, typer.Option(help="reports or events.")] = "events",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Rows to show.")] = 50,
) -> None:
    """Show coded rows as a table in the terminal.

    [dim]Example: conflict-events show events --limit 20[/dim]
    """
    if table not in ("reports", "events"):
        raise typer.BadParameter("choose reports or events", param_hint="--table")
    console = Console(width=None if sys.stdout.isatty() else 176)
    with _reported():
        rows = read_table(tables, table)
    grid = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name, width in (("date", 13), ("type", 26), ("actors", 38), ("place", 18)):
        grid.add_column(name, max_width=width)
    for name in ("dead", "hurt"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("certainty", no_wrap=True)
    grid.add_column("passage", min_width=40, max_width=60)
    for row in rows.slice(0, limit).to_pylist():
        grid.add_row(*_cells(row))
    console.print(grid)
    if rows.num_rows > limit:
        console.print(f"... and {rows.num_rows - limit} more rows")


@app.command()
def schema(table: Annotated[str | None, typer.Argument(help="One table; all when left out.")] = None) -> None:
    """Describe the columns of the tables.

    [dim]Example: conflict-events schema reports[/dim]
    """
    names = PUBLIC_TABLES if table is None else (table,)
    if table is not None and table not in PUBLIC_TABLES:
        raise typer.BadParameter(f"choose one of {', '.join(PUBLIC_TABLES)}", param_hint="table")
    console = Console(width=None if sys.stdout.isatty() else 160)
    for name in names:
        grid = Table("column", "type", "null", "meaning", title=name, title_justify="left", header_style="bold")
        for column in SCHEMAS[name]:
            meaning = (column.metadata or {}).get(b"meaning", b"").decode()
            grid.add_row(column.name, str(column.type), "yes" if column.nullable else "", meaning)
        console.print(grid)


@places.command("add")
def add_places(
    dumps: Annotated[list[Path], typer.Argument(help="Country dumps: XX.zip, XX.txt or XX.txt.gz.")],
) -> None:
    """Add the places of GeoNames country dumps; every later run knows them.

    [dim]Example: conflict-events gazetteer add LB.zip[/dim]
    """
    from pipeline.gazetteer import open_gazetteer
    from pipeline.geonames_dumps import add_dump

    with _reported():
        for dump in dumps:
            added = add_dump(dump)
            state = "added" if added.changed else "is there already:"
            err.print(f"{dump} {state} {added.places} places -> {added.path}", highlight=False, soft_wrap=True)
        open_gazetteer()


@places.command("list")
def list_places() -> None:
    """List the dumps that were added; to forget one, remove its file."""
    from pipeline.geonames_dumps import added_dumps

    for path in added_dumps():
        typer.echo(path)


def main() -> None:
    """Run the command."""
    app()


def _cells(row: dict) -> list[str]:
    date = str(row["event_date"] or "-")
    if row["event_date_end"]:
        date += f"\nto {row['event_date_end']}"
    kind = row["sub_event_type"] or "mixed"
    if row["record_type"] == "aggregate":
        kind = f"Σ {row['incidents_qualifier'] or ''} {row['incidents'] or ''} {row['sub_event_type'] or 'incidents'}"
    elif row["part_of"]:
        kind = f"↳ {kind}"
    actors = f"{row['actor1'] or '?'} → {row['actor2']}" if row["actor2"] else row["actor1"] or "-"
    place = ", ".join(p for p in (row["location"], row["country"]) if p) or "-"
    hurt = (
        row["injuries"] if row["injuries"] is not None else (f"{row['injuries_min']}+" if row["injuries_min"] else "-")
    )
    notes = " ".join(row["notes"].split())
    return [
        date,
        kind,
        actors,
        place,
        str(row["fatalities"]),
        str(hurt),
        row["certainty"],
        notes if len(notes) <= 80 else notes[:77] + "...",
    ]


def _summary(out: Path, counts: dict[str, int], began: float) -> None:
    """Print what came out, on standard error; exit with 1 when nothing could be read."""
    parts = [f"{counts[name]} {name}" for name in PUBLIC_TABLES if name in counts]
    err.print(f"[bold]{', '.join(parts)}[/bold] in {time.monotonic() - began:.1f} s -> {out}", highlight=False)
    if counts.get("rejects"):
        reasons = Counter(row["reason"] for rows in read_rows(out, "rejects") for row in rows)
        for reason, number in reasons.most_common(10):
            err.print(f"  rejected {number}: {reason}", highlight=False, markup=False, soft_wrap=True)
    if "documents" in counts and not counts["documents"]:
        err.print("nothing could be read", style="red")
        raise typer.Exit(NOTHING_READ)


@contextmanager
def _progress(title: str) -> Iterator:
    """Show a progress bar when a terminal is there; yield the function that advances it."""
    columns = (SpinnerColumn(), TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda steps: bar.advance(task, steps)


@contextmanager
def _reported() -> Iterator[None]:
    """Turn errors that a user can mend into one clear line."""
    try:
        yield
    except (OSError, ValueError) as error:
        err.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(NOTHING_READ) from None


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2024-10-30", param_hint="--published") from None


def _print_version(on: bool) -> None:
    if on:
        typer.echo(f"conflict-events {__version__}")
        raise typer.Exit
