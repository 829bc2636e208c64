"""One plain text is one article, unless something besides blank lines says that another begins."""

import pytest

from pipeline.ingest.splitting import split_articles

HEADLINE = "Shells fall on the southern quarter of Marsabor"
SECOND = "Two herders killed in a raid near the salt lake"
BODY = "Shells fell on the southern quarter of the town on Monday, the police said.\n\nThe road is shut."
OTHER = "Two herders were shot dead on Sunday by men who drove off forty goats, a local chief said."


@pytest.mark.parametrize(
    "between",
    ["\n\n---\n\n", "\n\n=====\n\n", "\n\n\n\n\n", "\n\n* * *\n\n"],
    ids=["dashes", "equals", "gap", "stars"],
)
def test_separators_and_wide_gaps_before_a_headline(between):
    parts = split_articles(f"{HEADLINE}\n\n{BODY}{between}{SECOND}\n\n{OTHER}")
    assert parts == [f"{HEADLINE}\n\n{BODY}", f"{SECOND}\n\n{OTHER}"]


def test_small_gap_needs_a_dateline_or_byline():
    text = f"{HEADLINE}\n\n{BODY}\n\n\n{SECOND}\n\nTESSIN, May 3 (ONA) - {OTHER}"
    assert len(split_articles(text)) == 2
    assert len(split_articles(text.replace("TESSIN, May 3 (ONA) - ", ""))) == 1


def test_doubled_headline_begins_an_article_without_any_gap():
    second = f"{SECOND}\n\nThe salt lake.\nThe salt lake.\nTT\n\n{SECOND}\n\n{OTHER}"
    assert len(split_articles(f"{HEADLINE}\n\n{BODY}\n\n{second}")) == 2


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADLINE}\n\n{BODY}\n\n{OTHER}",
        f"{HEADLINE}\n\n{BODY}\n\n***\n\n{OTHER}\n\n{BODY}",
        f"WEEKLY DIGEST\n\n\n\nNORTH\n\n{BODY}\n\n\n\nSOUTH\n\n{OTHER}",
        f"{HEADLINE}\n\n\n\n{BODY}\n\n\n\nShare this: WhatsApp | X",
        f"{HEADLINE}\n\nTT\n\n{HEADLINE}\n\n{BODY}",
        f"{HEADLINE}\n\n{BODY}\n\n-30-\n\nAttached: a picture of the quarter after the shells",
        "",
    ],
    ids=["blank lines", "section break", "sections", "page furniture", "own repetition", "attachment", "empty"],
)
def test_one_article_stays_one(text):
    assert split_articles(text) == [text]
