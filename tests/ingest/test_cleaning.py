"""Story, headline, captions and page furniture are told apart, and no fact is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.boilerplate import compiled, patterns
from pipeline.ingest.cleaning import clean
from pipeline.ingest.datelines import dateline_end

LEAD = "Shells fell on the southern quarter of Marsabor on Monday, killing a nurse, the health department said."
NEXT = "Residents said that the firing went on for an hour and that two houses had burned down."


def zones(cleaned):
    return [(z.kind, cleaned.text[z.start : z.end]) for z in cleaned.zones]


def test_doubled_head_is_kept_once():
    caption = "A burned house in Marsabor, Orland, May 6, 2024. - NORDPIX/Lena Vik"
    head = f"Nurse Killed in Marsabor\n\n{caption}\n{caption}\n"
    cleaned = clean(f"{head}TT\n\n{head}\n{LEAD}\n\n{NEXT}")
    assert cleaned.text == f"Nurse Killed in Marsabor\n\n{caption}\n\n{LEAD}\n\n{NEXT}"
    assert zones(cleaned) == [("headline", "Nurse Killed in Marsabor"), ("caption", caption)]
    assert cleaned.title == "Nurse Killed in Marsabor"


@pytest.mark.parametrize(
    "line",
    [
        "We use cookies to improve your visit. [Accept all] [Manage]",
        "Share this: WhatsApp | X | Facebook",
        "ADVERTISEMENT",
        "Follow us on Telegram",
        "Sign up to our morning newsletter",
        "Listen to this article | 3 min",
        "Read more",
        "TT",
    ],
)
def test_noise_is_dropped_wherever_it_stands(line):
    for text in (f"{line}\n\n{LEAD}\n\n{NEXT}", f"{LEAD}\n\n{line}\n\n{NEXT}", f"{LEAD}\n\n{NEXT}\n\n{line}"):
        assert clean(text).text == f"{LEAD}\n\n{NEXT}"


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ada Holm in Tessin; Editing by B. Roe)",
        "Read more: Goat prices soar before the feast",
        "Tags: #Marsabor #health",
        "© The Orland Post. All rights reserved.",
        "Ada Holm is a columnist. The views are her own.",
        "gdk/om/ps",
    ],
)
def test_what_may_hold_a_word_of_interest_is_kept_and_marked(line):
    assert zones(clean(f"Nurse killed in Marsabor\n\n{LEAD}\n\n{NEXT}\n\n{line}"))[-1] == ("boilerplate", line)


@pytest.mark.parametrize("byline", ["By Ada Holm and Ben Roe", "By Our Correspondent, Tessin", "Staff Reporter"])
def test_bylines(byline):
    assert ("boilerplate", byline) in zones(clean(f"Nurse killed in Marsabor\n\n{byline}\n\n{LEAD}\n\n{NEXT}"))


@pytest.mark.parametrize(
    "caption",
    [
        "Men carry a coffin in Tessin on May 6, 2024. (AFP)",
        "[Photo: Soldiers search a car near Tessin, Aug 9, 2021. — File]",
        "FILE - Soldiers search a car at the gate of Tessin, Aug 9, 2021.",
        "Soldiers search a car near Tessin. REUTERS/Ann Sample",
        "PHOTO | FILE: Soldiers search a car near Tessin.",
        "In this handout photo released on Monday, soldiers search a car near Tessin.",
    ],
)
def test_captions(caption):
    assert ("caption", caption) in zones(clean(f"Nurse killed in Marsabor\n\n{caption}\n\n{LEAD}\n\n{NEXT}"))


@pytest.mark.parametrize(
    "dateline",
    [
        "MARSABOR – ",
        "MARSABOR/TESSIN, Aug 22 (ONA) - ",
        "TESSIN, Orland, April 15, 2025 (Orland Wire) — ",
        "TESSIN: ",
        "TESSIN (ONA) – ",
        "Port-Louis, 7 April 2025 – ",
        "Tessin, 22 June 2023. ",
        "14/03/2025 — ",
        "12 November 2024 (TESSIN) – ",
        "TAMPA, Fla. – ",
        "THE HAGUE, 8 April 2020 (Orland Wire) - ",
        "SAN JOSÉ, Costa Rica, Tuesday, October 22, 2024 (ONA) -- ",
        "TESSIN | ",
    ],
)
def test_datelines(dateline):
    assert dateline_end(dateline + LEAD) == len(dateline)
    assert zones(clean(f"Nurse killed in Marsabor\n\n{dateline}{LEAD}\n\n{NEXT}"))[1] == ("dateline", dateline)


@pytest.mark.parametrize(
    "start",
    [
        "On 6 May 2024 - the day of the vote - ",
        "The army said: ",
        "Aleppo countryside: ",
        "18:52 ",
        "Mon 12 – Marsabor: ",
        "South Kivu. ",
        "Hezbollah - which has not commented - ",
    ],
)
def test_no_datelines(start):
    assert dateline_end(start + LEAD) == 0


def test_dates_of_the_head_are_datelines():
    cleaned = clean(f"Nurse killed in Marsabor\n\n11 Nov 2024 | 09:47 | Print | Share\n\n{LEAD}\n\n{NEXT}")
    assert zones(cleaned)[1] == ("dateline", "11 Nov 2024 | 09:47 | Print | Share")


def test_lists_and_live_entries_are_story_and_keep_their_lines():
    entries = "18:52 A shell fell on the bus station.\n18:40 Two hurt in Tessin.\n• 6 May: mine.\n• 7 May: calm."
    cleaned = clean(f"LIVE | Orland\n\n{entries}\n\nDIGEST\n– Tessin: two killed.\n– Tessin: two killed.")
    assert entries in cleaned.text
    assert cleaned.text.count("Tessin: two killed.") == 2
    assert zones(cleaned) == [("headline", "LIVE | Orland")]


WIRE = f"""Nurse killed in Marsabor
By Orland Wire
Orland Wire News
May 6, 2024 9:12 AM GMT+1 Updated 3 hours ago

[1/2]A view shows a burned house in Marsabor, Orland May 6, 2024. ONA/Lena Vik
Item 1 of 2 A view shows a burned house in Marsabor, Orland May 6, 2024. ONA/Lena Vik
[1/2]A view shows a burned house in Marsabor
MARSABOR, May 6 (ONA) - {LEAD}
list of 2 items
Goat prices soar
end of list
{NEXT}
Sign up here.
Reporting by Ada Holm; Editing by Ben Roe
Related Topics
Orland
Health"""


def test_page_of_a_news_site():
    cleaned = clean(WIRE)
    assert [p for p in cleaned.story() if p not in (LEAD, NEXT)] == []
    assert [kind for kind, _ in zones(cleaned)] == [
        *("headline", "boilerplate", "boilerplate", "dateline", "caption", "dateline"),
        *("boilerplate", "boilerplate", "boilerplate", "boilerplate"),
    ]


def test_labels_that_come_again_are_fields_of_a_list():
    text = f"Incident log\n\nDate: 3 May 2024\nShelling, two killed.\n\nDate: 4 May 2024\n{LEAD}"
    assert not [kind for kind, _ in zones(clean(text)) if kind == "dateline"]


def test_paragraphs_on_single_lines_are_parted():
    assert clean(f"{LEAD}\n{NEXT}").text == f"{LEAD}\n\n{NEXT}"


def test_lines_broken_at_a_fixed_width_are_joined():
    broken = "\n".join(re.findall(r".{1,58}(?: |$)", f"{LEAD} {NEXT}"))
    assert clean(f"{broken}\n\n{NEXT}").text.replace("  ", " ") == f"{LEAD} {NEXT}\n\n{NEXT}"


def test_given_title_is_put_in_front_once():
    title = "Nurse killed in Marsabor - The Orland Post"
    assert clean(f"{LEAD}\n\n{NEXT}", title="Nurse killed").text.startswith("Nurse killed\n\nShells fell")
    assert clean(f"Nurse killed in Marsabor\n\n{LEAD}", title=title).text == f"Nurse killed in Marsabor\n\n{LEAD}"


def test_note_of_one_sentence_is_story():
    note = "Rockets fell on Kafr Nabudah (Hama) on 3 May; no casualties."
    assert (clean(note).text, clean(note).zones, clean(note).title) == (note, (), None)


@pytest.mark.parametrize("row", patterns(), ids=lambda row: row.example[:30])
def test_each_pattern_fits_its_example(row):
    searched = row.kind in ("credit", "signature", "archive", "occasion", "look_back", "ahead")
    expression = re.compile(row.pattern, re.IGNORECASE)
    assert expression.search(row.example) if searched else expression.fullmatch(row.example)


@pytest.mark.parametrize("line", [LEAD, NEXT, "Two soldiers died.", "Share prices fell after the raid.", "More raids"])
def test_no_noise_pattern_takes_a_story_line(line):
    assert not compiled("noise").fullmatch(line)


KNOWN = [LEAD, NEXT, "Nurse killed", "TT", "", "", "By Ada Holm", "Tessin, 3 May 2024", "• item", "Tags: a, b"]
LINES = st.lists(st.one_of(st.sampled_from(KNOWN), st.text(max_size=60)), max_size=14)


@given(LINES.map("\n".join), st.one_of(st.none(), st.text(max_size=30)))
def test_zones_are_in_order_and_no_story_is_lost(text, title):
    cleaned = clean(text, title=title, captions=["A harbour at dawn"])
    at = 0
    for zone in cleaned.zones:
        assert at <= zone.start < zone.end <= len(cleaned.text)
        at = zone.end
    for line in (LEAD, NEXT):
        assert line not in text.split("\n") or line in cleaned.text


def test_a_line_that_ends_in_its_day_before_the_dateline_is_a_caption():
    caption = "Mourners stand at a grave after a strike in Nuseirat, Gaza Strip, Wednesday, July 9, 2025."
    story = (
        "DEIR AL-BALAH, Gaza Strip — Eleven people were killed on Wednesday when a house fell in the camp of Nuseirat."
    )
    cleaned = clean(f"Strike kills eleven\n\n{caption}\n\n{story}")
    assert [cleaned.text[zone.start : zone.end] for zone in cleaned.zones if zone.kind == "caption"] == [caption]
