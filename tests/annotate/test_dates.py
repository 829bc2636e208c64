"""Dates: what a reader would say each expression means, given the day of publication."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

import pipeline.annotate.dates  # noqa: F401  (registers the factory)
from pipeline.event_dates import event_date
from pipeline.mentions import Mention, Zone, mention_of, mentions_of

WEDNESDAY = "2023-08-16"


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("conflict_dates")
    return nlp


def dated(
    nlp: Language, text: str, published: str | None = WEDNESDAY, basis: str = "metadata", layout: tuple[Zone, ...] = ()
) -> Doc:
    doc = nlp.make_doc(text)
    doc._.published = dt.date.fromisoformat(published) if published else None
    doc._.published_basis = basis if published else "none"
    doc._.layout = layout
    return nlp.get_pipe("conflict_dates")(doc)


def found(nlp: Language, text: str, published: str | None = WEDNESDAY) -> list[tuple[str, str]]:
    return [(span.text, span._.mention.canonical) for span in mentions_of(dated(nlp, text, published), "DATE")]


def last(doc: Doc) -> Mention:
    return mentions_of(doc, "DATE")[-1]._.mention


@pytest.mark.parametrize("words", [
    "14 November 2022", "14 Nov. 2022", "Nov 14th, 2022", "the 14th of November 2022", "Monday, 14 November 2022",
    "November 14, 2022", "14/11/2022", "2022-11-14", "14.11.2022", "MONDAY, NOVEMBER 14, 2022", "14-Nov-2022",
])  # fmt: skip
def test_every_form_of_a_full_date(nlp: Language, words: str) -> None:
    mention = last(dated(nlp, f"The depot burned on {words}."))
    day = dt.date(2022, 11, 14)
    assert (mention.canonical, mention.date_start, mention.date_end) == ("2022-11-14", day, day)
    assert (mention.date_precision, mention.date_basis) == ("day", "explicit")


@pytest.mark.parametrize(("words", "value"), [
    ("on Monday", "2023-08-14"),
    ("on Wednesday", "2023-08-16"),  # the day of publication itself
    ("on Thursday", "2023-08-10"),
    ("last Wednesday", "2023-08-09"),
    ("Tuesday last week", "2023-08-08"),
    ("late on Tuesday night", "2023-08-15"),
    ("in the early hours of Tuesday", "2023-08-15"),
    ("overnight into Tuesday", "2023-08-15"),
    ("on the night of Monday to Tuesday", "2023-08-15"),
    ("at dawn on Sunday", "2023-08-13"),
    ("yesterday evening", "2023-08-15"),
    ("earlier today", "2023-08-16"),
    ("the day before yesterday", "2023-08-14"),
    ("on 3 August", "2023-08-03"),
    ("on 3 September", "2023-09-03"),  # within the month to come
    ("on 3 December", "2022-12-03"),
    ("on Feb. 29", "2020-02-29"),
    ("in March", "2023-03"),
    ("in mid-October", "2022-10"),
    ("last week", "2023-W32"),
    ("earlier this week", "2023-W33"),
    ("last month", "2023-07"),
    ("over the weekend", "2023-W32-WE"),
    ("three weeks ago", "2023-W30"),
    ("in the summer of 2014", "2014-SU"),
    ("in 2006", "2006"),
    ("in the 1990s", "199"),
    ("since March 2021", "2021-03"),
    ("on Christmas Eve", "2022-12-24"),
    ("on Boxing Day", "2022-12-26"),
    ("on the eve of Christmas", "2022-12-24"),
    ("early on New Year's Day", "2023-01-01"),
    ("on Good Friday", "2023-04-07"),
    ("late on Easter Sunday", "2023-04-09"),
    ("on Orthodox Easter", "2023-04-16"),
    ("on Good Friday last year", "2022-04-15"),
    ("on May Day", "2023-05-01"),
    ("on Black Friday", "2022-11-25"),
    ("in the 2019 Easter Sunday bombings", "2019-04-21"),
    ("in the past 24 hours", "PT24H"),
    ("for three days", "P3D"),
])  # fmt: skip
def test_resolved_against_publication(nlp: Language, words: str, value: str) -> None:
    assert [canonical for _, canonical in found(nlp, f"Militiamen burned a granary {words}.")] == [value]


@pytest.mark.parametrize(("words", "start", "end", "precision"), [
    ("last week", "2023-08-07", "2023-08-13", "week"),
    ("earlier this month", "2023-08-01", "2023-08-16", "month"),
    ("over the weekend", "2023-08-12", "2023-08-13", "week"),
    ("in late July", "2023-07-21", "2023-07-31", "month"),
    ("in the first week of June", "2023-06-01", "2023-06-07", "week"),
    ("in the second half of June", "2023-06-16", "2023-06-30", "month"),
    ("in the first two weeks of this year", "2023-01-01", "2023-01-14", "month"),
    ("in the past 48 hours", "2023-08-14", "2023-08-16", "day"),
    ("overnight", "2023-08-16", "2023-08-16", "day"),
    ("last night", "2023-08-16", "2023-08-16", "day"),  # the day on which the night ends
    ("between 3 and 9 August", "2023-08-03", "2023-08-09", "day"),
    ("from Saturday to Monday", "2023-08-12", "2023-08-14", "day"),
    ("on 5–11 March 2021", "2021-03-05", "2021-03-11", "day"),
    ("from Monday 6 to Sunday 12 May 2024", "2024-05-06", "2024-05-12", "day"),
    ("from 28 December to 3 January 2021", "2020-12-28", "2021-01-03", "day"),
    ("between 2015 and 2019", "2015-01-01", "2019-12-31", "year"),
    ("on Eid al-Fitr", "2023-04-20", "2023-04-22", "week"),  # countries differ by a day
    ("on the eve of Ashura", "2023-07-26", "2023-07-28", "week"),
])  # fmt: skip
def test_days_covered(nlp: Language, words: str, start: str, end: str, precision: str) -> None:
    for span in mentions_of(dated(nlp, f"Shells fell {words}."), "DATE"):
        mention = span._.mention
        assert (str(mention.date_start), str(mention.date_end), mention.date_precision) == (start, end, precision)


@pytest.mark.parametrize(("text", "values"), [
    ("On 3 June rebels took the bridge. A day later it was mined.", ["2023-06-03", "2023-06-04"]),
    ("The mill burned on 3 June. Two days earlier a guard had been shot.", ["2023-06-03", "2023-06-01"]),
    ("The mill burned on 3 June. The next day the owner fled.", ["2023-06-03", "2023-06-04"]),
    ("Guards fled on Sunday. The evening before, shots were heard.", ["2023-08-13", "2023-08-12"]),
    ("Guards fled on Sunday. The same day a barn burned.", ["2023-08-13", "2023-08-13"]),
    ("Raiders came on Sunday, a day after the garrison left.", ["2023-08-13", "2023-08-12"]),
    ("Guards fled on Sunday, the mayor said on Tuesday. The same day a barn burned.",
     ["2023-08-13", "2023-08-15", "2023-08-13"]),
    ("Since 3 June the road is shut. A car burned on Monday. A day later it was towed.",
     ["2023-06-03", "2023-08-14", "2023-08-15"]),
    ("In March 2017 the siege began. It was broken on 9 April, and on the 12th a convoy arrived.",
     ["2017-03", "2017-04-09", "2017-04-12"]),
    ("It began on Friday, 7 July. By Sunday the quarter was empty.", ["2023-07-07", "2023-07-09"]),
    ("On the previous Thursday, and on Friday, 14 July.", ["XXXX-WXX-4", "2023-07-14"]),
    # a year in brackets is a name's, and "the month of March" is one month
    ("Under resolution 1701 (2006) the site was cleared. It was the fifth since the beginning of the month.",
     ["2006", "2023-08"]),
    ("It was the sixth explosion since the beginning of the month of March.", ["2023-03"]),
])  # fmt: skip
def test_thread_of_the_story(nlp: Language, text: str, values: list[str]) -> None:
    assert [value for _, value in found(nlp, text)] == values


@pytest.mark.parametrize(("text", "value"), [
    ("The funeral will be held on Friday.", "2023-08-18"),
    ("The funeral was held on Friday.", "2023-08-11"),
    ("Elections are scheduled for 3 December.", "2023-12-03"),
    ("Soldiers set off a mine on Friday.", "2023-08-11"),
    ("Talks resume next Friday.", "2023-08-18"),
])  # fmt: skip
def test_future_clauses(nlp: Language, text: str, value: str) -> None:
    assert [canonical for _, canonical in found(nlp, text)] == [value]


@pytest.mark.parametrize("text", [
    "Troops march past. They may march again, and may go on.",
    "The second raid killed seven men, among them a 34-year-old of the 7th Brigade.",
    "At 11:20 a 155 mm shell hit the 16th floor; 2,000 people and 1800 soldiers fled.",
    "He sat down, wed in church, and saw the sun; the Sun reported it.",
    "The fall of the town was reported in Mar Elias.",
    "",
])  # fmt: skip
def test_ordinary_words_are_not_dates(nlp: Language, text: str) -> None:
    assert found(nlp, text) == []


def test_attributive_date_is_a_date(nlp: Language) -> None:
    assert found(nlp, "the October 7 attack", "2024-02-01") == [("October 7", "2023-10-07")]


@pytest.mark.parametrize(("text", "order"), [
    ("Killed on 05/04/2023, buried on 25/04/2023.", "2023-04-05"),
    ("Killed on 04/05/2023, buried on 04/25/2023.", "2023-04-05"),
    ("April 6, 2023: killed on 04/05/2023.", "2023-04-05"),
    ("Killed on 08/09/2023.", "2023-08-09"),  # 8 September is still to come
])  # fmt: skip
def test_order_of_day_and_month_is_the_texts_own(nlp: Language, text: str, order: str) -> None:
    assert order in [value for _, value in found(nlp, text)]


@pytest.mark.parametrize(("text", "value"), [
    ("It burned yesterday.", "XXXX-XX-XX"),
    ("It burned on Sunday.", "XXXX-WXX-7"),
    ("It burned on 7 October.", "XXXX-10-07"),
    ("It burned two days earlier.", "PAST_REF"),
    ("It burned on 31 June 2023.", "XXXX-XX-XX"),
])  # fmt: skip
def test_nothing_is_guessed_without_an_anchor(nlp: Language, text: str, value: str) -> None:
    mention = last(dated(nlp, text, None))
    assert (mention.canonical, mention.date_start, mention.date_basis) == (value, None, None)


@pytest.mark.parametrize(("basis", "expected"), [
    ("metadata", "metadata"), ("filename", "metadata"), ("dateline", "dateline"), ("caption", "caption"),
])  # fmt: skip
def test_basis_of_relative_dates(nlp: Language, basis: str, expected: str) -> None:
    assert last(dated(nlp, "It burned on Monday.", basis=basis)).date_basis == expected


def test_basis_body_when_the_story_gives_the_anchor(nlp: Language) -> None:
    assert last(dated(nlp, "It burned on 3 May 2021. A day later it rained.", None)).date_basis == "body"


def test_captions_do_not_carry_the_story_on(nlp: Language) -> None:
    caption = "A street in May 2019.\n\n"
    text = caption + "Shots were fired on 2 June."
    doc = dated(nlp, text, layout=(Zone("caption", 0, len(caption)),))
    assert [span._.mention.canonical for span in mentions_of(doc, "DATE")] == ["2019-05", "2023-06-02"]


def test_hijri_date_takes_the_gregorian_one_beside_it(nlp: Language) -> None:
    values = [value for _, value in found(nlp, "He died on 5 Rajab 1446 (5 January 2025).", "2025-01-08")]
    assert values == ["2025-01-05", "2025-01-05"]


def test_history_goes_on_from_its_own_dates(nlp: Language) -> None:
    text = (
        "In April 1911 the garrison rose. On 3 May the fort fell, and on 9 June the king fled. In November a truce "
        "held. In January the war went on. By March 1912 the coast was lost; on 4 April the fleet sailed. In 1913 "
        "peace came. "
        "The treaty of 2 May 1914 was kept, as a paper of 1990 shows. In August the border closed."
    )
    values = [value for _, value in found(nlp, text, "2010-01-05")]
    assert values[:6] == ["1911-04", "1911-05-03", "1911-06-09", "1911-11", "1912-01", "1912-03"]
    assert values[-1] == "1914-08"


@pytest.mark.parametrize(("words", "cells"), [
    ("on Monday", ("2023-08-14", 1)),
    ("last week", ("2023-08-10", 2)),
    ("over the weekend", ("2023-08-12", 2)),
    ("in March", ("2023-03-15", 3)),
    ("in mid-October", ("2022-10-15", 3)),
    ("in 2019", ("2019-07-02", 3)),
])  # fmt: skip
def test_acled_date_of_one_event(nlp: Language, words: str, cells: tuple[str, int]) -> None:
    mention = last(dated(nlp, f"Shells fell {words}."))
    result = event_date(mention.date_start, mention.date_end, mention.date_precision, basis=mention.date_basis)
    assert (str(result.date), result.end, result.precision) == (cells[0], None, cells[1])


def test_acled_date_of_an_aggregate_keeps_the_period() -> None:
    start, end = dt.date(2023, 8, 3), dt.date(2023, 8, 9)
    assert event_date(start, end, "day", aggregate=True) == (start, end, 2)
    assert event_date(None, None, None) == (None, None, None)


def test_a_day_counted_from_a_caption_is_no_better_than_a_week() -> None:
    day = dt.date(2023, 8, 3)
    assert event_date(day, day, "day", basis="caption") == (day, None, 2)


_PIECES = st.sampled_from([
    "on", "the", "Monday", "May", "3", "14th", "2023", ",", " ", "\n\n", "last", "next", "week", "days", "two", "ago",
    "before", "and", "-", "–", "/", "31/31/2023", "99.99.99", "0", "٣", "night", "of", "first", "half", "Ramadan",
    "1445", "eve", "Christmas", "overnight", "\u200f", "é", "’", "s", "century", "9999", "1000", "decades",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=25).map(" ".join)), st.booleans())
def test_any_text_gives_sound_mentions(nlp: Language, text: str, published: bool) -> None:
    doc = dated(nlp, text, WEDNESDAY if published else None)
    end = 0
    for span in mentions_of(doc, "DATE"):
        mention = span._.mention
        assert span.start_char >= end
        assert re.search(r"\w", span.text)
        assert (mention.date_start is None) == (mention.date_end is None) == (mention.date_basis is None)
        assert mention.date_start is None or mention.date_start <= mention.date_end
        end = span.end_char


def test_survives_serialisation(tmp_path, nlp: Language) -> None:
    nlp.to_disk(tmp_path / "dates")
    again = spacy.load(tmp_path / "dates")
    assert found(again, "It burned on Monday.") == found(nlp, "It burned on Monday.")


@pytest.mark.parametrize(("published", "words", "day"), [
    ("2006-12-31", "Eid al-Adha", "2006-12-31"),  # twice in 2006
    ("2007-01-02", "Eid al-Adha", "2006-12-31"),
    ("2010-01-03", "Ashura", "2009-12-27"),
    ("2024-01-01", "New Year's Eve", "2023-12-31"),
])  # fmt: skip
def test_the_nearest_feast_is_meant_around_the_turn_of_the_year(
    nlp: Language, published: str, words: str, day: str
) -> None:
    assert found(nlp, f"Shots were fired on {words}.", published) == [(words, day)]


@pytest.mark.parametrize("name", ["Good Friday Agreement", "Easter Island", "Ashura Brigades", "Easter Rising"])
def test_what_is_named_after_a_feast_is_no_day(nlp: Language, name: str) -> None:
    assert all("Easter" not in words and "Ashura" not in words for words, _ in found(nlp, f"They spoke of the {name}."))


def test_news_with_years_of_background_at_its_end_is_no_history(nlp: Language) -> None:
    """The days of the story come first and without a year: they are those before publication."""
    text = (
        "Two soldiers were killed in Mardin on May 9. A curfew has been in force in Nusaybin since March 14, and an "
        "officer died there on May 10. Police detained twelve people on May 10, and a rocket hit Kilis on May 10. "
        "Rockets have come down there since Jan. 18. The two sides talked between 2013 and 2015; the conflict began in "
        "1984, and a truce of 1999 did not last."
    )
    values = [value for _, value in found(nlp, text, "2016-05-11")]
    assert values[0] == "2016-05-09"
    assert values.count("2016-05-10") == 3


def test_a_part_of_a_day_belongs_to_the_day_that_news_tells_of_not_to_publication(nlp: Language) -> None:
    filler = "The governor called for calm and promised an inquiry into what had led to it. " * 8
    doc = dated(nlp, f"Rioters burned the depot on Tuesday. {filler}A second fire was set at noon.")
    assert last(doc).date_start == dt.date(2023, 8, 15)


def test_a_month_named_in_passing_does_not_end_the_day_of_the_news(nlp: Language) -> None:
    doc = dated(
        nlp, "Rockets fell on a barracks on Tuesday; it had been empty since last May. In the evening jets struck."
    )
    assert last(doc).date_start == dt.date(2023, 8, 15)


def test_a_part_of_a_day_takes_the_day_named_behind_it(nlp: Language) -> None:
    doc = dated(nlp, "On Monday a convoy was attacked. At dawn yesterday the army answered.")
    dawn = next(span for span in mentions_of(doc, "DATE") if "dawn" in span.text)
    assert dawn._.mention.date_start == dt.date(2023, 8, 15)


def test_a_story_goes_on_from_the_day_that_it_tells_in_full(nlp: Language) -> None:
    text = "A tank burned on Wednesday, 2 July 2025. A second drone was shot down on Thursday, after one on Tuesday."
    days = [str(mention.date_start) for mention in map(mention_of, spans_of(nlp, text, "2025-07-02", "body"))]
    assert days == ["2025-07-02", "2025-07-03", "2025-07-01"]


def spans_of(nlp: Language, text: str, published: str, basis: str) -> list[Span]:
    return mentions_of(dated(nlp, text, published, basis), "DATE")


@pytest.mark.parametrize(("text", "day"), [
    ("At 120630H May 2021 troops met rebels near Las Navas.", "2021-05-12"),
    ("The militants lost their last town in March 2019. Since the beginning of the year they have killed 61.", "2023-01-01"),
])  # fmt: skip
def test_days_as_armies_and_monitors_write_them(nlp: Language, text: str, day: str) -> None:
    assert str(mention_of(spans_of(nlp, text, "2023-08-16", "metadata")[-1]).date_start) == day


def test_a_state_called_mon_is_no_monday(nlp: Language) -> None:
    assert not spans_of(nlp, "Clashes were logged in Karen and Mon states.", "2023-08-16", "metadata")
