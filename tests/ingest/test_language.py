import pytest

from pipeline.ingest.language import language_of


@pytest.mark.parametrize(
    "text",
    [
        "Rockets fell on Kafr Nabudah.",
        "HTS shelled Kafr Nabl, Maarrat al-Numan, Jisr al-Shughur, Tall Rifat.",
        "Houthi drone over Hays, Hudaydah. No casualties.",
        "Al-Shabaab: Ceel Dheer, Muqdisho, Baydhabo.",
        "Gunmen killed two farmers near Tessin on Monday, the police said.",
        "123 456",
    ],
)
def test_short_notes_full_of_names_are_english(text):
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deux soldats ont été tués mardi dans une embuscade près de la frontière, selon la police locale.", "fr"),
        ("Dos soldados murieron el martes en una emboscada cerca de la frontera, según la policía local.", "es"),
        ("قتل جنديان يوم الثلاثاء في كمين قرب الحدود بحسب الشرطة المحلية", "ar"),
        ("Двоє солдатів загинули у вівторок у засідці біля кордону, повідомила місцева поліція.", "uk"),
    ],
)
def test_other_languages_are_named(text, code):
    assert language_of(text) == code
