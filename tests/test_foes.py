"""Who fights whom: sides, years, and slips in the table."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipeline.foes import FoesRow, are_foes

HEZBOLLAH, RSF = "Hezbollah", "RSF: Rapid Support Forces"


def test_enmity_works_both_ways():
    assert are_foes((HEZBOLLAH,), ("ISR",), 2024)
    assert are_foes(("ISR",), (HEZBOLLAH,), 2024)
    assert not are_foes((HEZBOLLAH,), (HEZBOLLAH,), 2024)


def test_enmity_has_its_years():
    assert are_foes(("SDN",), (RSF,), 2023)
    assert not are_foes(("SDN",), (RSF,), 2020)
    assert are_foes(("SDN",), (RSF,), None)  # an unknown day speaks against nobody


def test_allies_are_no_foes():
    assert not are_foes(("USA",), ("GBR",), 2024)


@pytest.mark.parametrize(
    ("side", "complaint"),
    [("The Mountain Lions", "The Mountain Lions is no country"), ("Al Qassam Brigades", "is coded as Hamas Movement")],
)
def test_a_name_that_is_not_coded_is_told(side, complaint):
    with pytest.raises(ValidationError, match=complaint):
        FoesRow(side=side, against=("ISR",))
