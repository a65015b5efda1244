"""Diaries from files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.diary import read_diary, score_block
from facetwise.documents import DocumentError
from facetwise.records import AgentName, DiaryEntry, PainScore, Sedation

CSV = """\
# agent: bupivacaine 0.5% 0.5 mL
# baseline: 7
# sedation: none
# block at: 23:30
time,score,stated_relief,activity,asleep,analgesic,side
23:45,3,,yes,,,
00:30,1,90%,yes,no,no,left
01:30,2-4,,,,yes,
"""


def test_a_csv_past_midnight() -> None:
    block = read_diary(CSV.encode(), "diary.csv")
    assert block.anaesthetic is AgentName.BUPIVACAINE
    assert block.agents is not None
    assert (block.agents[0].concentration_percent, block.agents[0].volume_ml) == (0.5, 0.5)
    assert block.pain_before == PainScore(score=7)
    assert block.sedation is Sedation.NONE
    assert block.diary is not None
    assert block.diary.entries == (
        DiaryEntry(minutes=15, score=3, provoked=True),
        DiaryEntry(
            minutes=60,
            score=1,
            stated_relief_percent=90,
            provoked=True,
            asleep=False,
            rescue_analgesic=False,
            side="left",
        ),
        DiaryEntry(minutes=120, low=2, high=4, rescue_analgesic=True),
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text + "\n\n",
    ],
    ids=["byte order mark", "Windows lines", "semicolons", "tabs", "blank lines"],
)
def test_as_spreadsheets_save_it(change) -> None:
    assert read_diary(change(CSV).encode(), "d.csv") == read_diary(CSV.encode(), "d.csv")


def test_json() -> None:
    data = b'{"pain_before": {"score": 6}, "agents": [{"name": "lidocaine"}], "entries": [{"minutes": 60, "score": 0}]}'
    assert score_block(read_diary(data, "d.json")).relief_percent == 100


BAD = {
    "unknown column": ("minutes,scor\n30,1\n", 1, "Did you mean score"),
    "no time": ("score\n1\n", 1, "no column for the time"),
    "times without the block's": ("time,score\n10:00,1\n", 1, "block at"),
    "a score of eleven": ("minutes,score\n30,11\n", 2, "from 0 to 10"),
    "no number": ("minutes,score\n30,better\n", 2, "not a number"),
    "no time of day": ("# block at: 9.30\nminutes,score\n30,1\n", 1, "HH:MM"),
    "neither yes nor no": ("minutes,score,asleep\n30,1,maybe\n", 2, "not yes or no"),
    "unknown setting": ("# agents: lidocaine\nminutes,score\n30,1\n", 1, "Did you mean agent"),
    "unknown agent": ("# agent: lidocane\nminutes,score\n30,1\n", 1, "Did you mean lidocaine"),
    "nothing": ("", 1, "no column"),
    "no rows": ("minutes,score\n", 1, "no entries"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_csv_names_its_line(name: str) -> None:
    text, line, expected = BAD[name]
    with pytest.raises(DocumentError) as refusal:
        read_diary(text.encode(), "d.csv")
    assert any(problem.line == line and expected in str(problem) for problem in refusal.value.problems)
    assert all(problem.file == "d.csv" for problem in refusal.value.problems)


def test_every_problem_is_reported() -> None:
    with pytest.raises(DocumentError) as refusal:
        read_diary(b"minutes,score\n30,11\n60,x\n90,1\n", "d.csv")
    assert [problem.line for problem in refusal.value.problems] == [2, 3]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.sampled_from(["d.csv", "d.json"]))
def test_any_bytes_are_a_diary_or_a_clear_error(data: bytes, name: str) -> None:
    try:
        score_block(read_diary(data, name))
    except DocumentError as error:
        assert error.problems


@given(
    st.lists(
        st.sampled_from(["minutes", "time", "score", ",", "\n", "# ", "agent", ":", "30", "x", "11", "-", "%"]),
        max_size=25,
    )
)
def test_nearly_csv_is_a_diary_or_a_clear_error(parts: list[str]) -> None:
    try:
        read_diary("".join(parts).encode(), "d.csv")
    except DocumentError as error:
        assert error.problems
