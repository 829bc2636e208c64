"""Knowledge tables: a slip in a table is told with file, line, column and value."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pipeline.knowledge import KnowledgeError, knowledge_path, model_path, read_table


class Faction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    inter: int = Field(ge=1, le=8)
    country: str | None = None


def table(tmp_path, text):
    path = tmp_path / "factions.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_checked_and_typed(tmp_path):
    path = table(tmp_path, '# armed groups\nname,inter,country\n\n"Lions, Mountain",2,\n# a comment\nÉtoile,3,TCD\n')
    assert read_table(path, Faction) == [
        Faction(name="Lions, Mountain", inter=2),
        Faction(name="Étoile", inter=3, country="TCD"),
    ]


BROKEN = [
    ("name,inter\nLions,two\n", r"factions\.csv, line 2, column inter: 'two': .*integer"),
    ("name,inter\nLions,2\n\n# more\nEagles,9\n", r"factions\.csv, line 5, column inter: '9': .*less than or equal"),
    ("name,inter\n,2\n", r"factions\.csv, line 2, column name: '': Field required"),
    ("name,inter,colour\nLions,2,red\n", r"factions\.csv, line 2, column colour: 'red': Extra inputs"),
    ("name,inter\nLions,2\nEagles\n", r"factions\.csv, line 3: 1 cells, the header has 2"),
    ("name,inter\nLions of Kidal, Mali,2\n", r"factions\.csv, line 2: 3 cells, the header has 2"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_slip_is_told_with_its_place(tmp_path, text, message):
    with pytest.raises(KnowledgeError, match=message):
        read_table(table(tmp_path, text), Faction)


def test_a_missing_table_is_told_by_name():
    with pytest.raises(FileNotFoundError, match=r"volcanoes\.csv is neither in the installed package nor in"):
        knowledge_path("volcanoes.csv")


def test_the_model_is_there():
    assert (model_path() / "meta.json").is_file()


def test_every_table_is_utf_8_and_has_rows():
    for path in sorted(knowledge_path("actors.csv").parent.rglob("*.csv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        assert len(lines) > 1, path
