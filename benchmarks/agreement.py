"""How well a second coder agrees with the gold rows: the level that the pipeline can be held to.

    python -m benchmarks.agreement

`tests/gold/second_coder` holds the rows that somebody made of held-back articles blind, knowing the codebook and other
gold.
"""

from __future__ import annotations

from benchmarks.evaluate import GOLD, Result, gold_articles, table
from benchmarks.scoring import score
from pipeline.tables import Row

SECOND = GOLD / "second_coder"


def main() -> None:
    """Score the second coder's rows like those of the pipeline."""
    print(table([_result(path.stem) for path in sorted(SECOND.glob("*.jsonl"))]))


def _result(name: str) -> Result:
    second = {
        article["id"]: _coded(article["id"], article["rows"]) for article in gold_articles(SECOND / f"{name}.jsonl")
    }
    articles = [article for article in gold_articles(GOLD / f"{name}.jsonl") if article["id"] in second]
    return Result(name, "", score(articles, second))


def _coded(article: str, rows: list[Row]) -> list[Row]:
    """Return gold rows in the form of coded ones, without those that may fairly be left out."""
    ids = [f"{article}-{number}" for number in range(len(rows))]
    return [
        row
        | {
            "event_id": own,
            "notes": row["evidence"],
            "part_of": None if row["part_of"] is None else ids[row["part_of"]],
        }
        for own, row in zip(ids, rows, strict=True)
        if not row.get("optional")
    ]


if __name__ == "__main__":
    main()
