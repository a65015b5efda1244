"""Which policies answer: by who pays, the contractor or the state, and the day."""

import datetime

import pytest

from facetwise.records import Contractor, Coverage
from facetwise.rules import contractor_table, load_library, policies_for, read_policy

TODAY = datetime.date(2026, 11, 24)


def medicare(contractor, day):
    chosen = policies_for(Coverage(payer="medicare", contractor=contractor), day).policies
    return [one.id for one in chosen if one.payer and one.document.series == "coverage"]


# The first and last day of each text, by contractor. Between the two days of a doubtful change both are shown.
ERAS = [
    ("palmetto", "2021-04-24", ["medicare-facet-before-2021"]),
    ("cgs", "2021-05-01", ["medicare-cgs-l34832-before-2021"]),
    ("cgs", "2021-05-02", ["medicare-cgs-l38773-2021"]),
    ("palmetto", "2021-04-25", ["medicare-palmetto-l38765-2021"]),
    ("palmetto", "2024-07-06", ["medicare-palmetto-l38765-2021"]),
    ("palmetto", "2024-07-07", ["medicare-palmetto-l38765-2024"]),
    ("wps", "2024-07-13", ["medicare-wps-l38841-2021"]),
    ("wps", "2024-07-14", ["medicare-wps-l38841-2024"]),
    ("novitas", "2024-08-10", ["medicare-novitas-l34892-2021"]),
    ("novitas", "2024-08-11", ["medicare-novitas-l34892-2024"]),
    ("noridian_jf", "2026-04-15", ["medicare-noridian-jf-l38803-2024"]),
    ("noridian_jf", "2026-04-16", ["medicare-noridian-jf-l38801-2024"]),
    ("noridian_je", "2026-04-16", ["medicare-noridian-je-l38801-2024"]),
    (None, "2024-07-06", ["medicare-facet-2021"]),
    (None, "2024-07-20", ["medicare-facet-2021", "medicare-facet-2024"]),
    (None, "2024-08-11", ["medicare-facet-2024"]),
]


@pytest.mark.parametrize(("contractor", "day", "expected"), ERAS)
def test_the_text_of_the_day(contractor, day, expected):
    assert medicare(contractor and Contractor(contractor), datetime.date.fromisoformat(day)) == expected


@pytest.mark.parametrize("contractor", Contractor)
def test_every_contractor_has_a_text_for_every_day_since_april_2021(contractor):
    day = datetime.date(2021, 4, 25)
    while day <= TODAY:
        assert any(contractor.replace("_", "-") in name for name in medicare(contractor, day)), day
        day += datetime.timedelta(days=1)


def test_the_state_chooses_the_contractor():
    choice = policies_for(Coverage(payer="medicare", state="AZ"), TODAY)
    assert "medicare-noridian-jf-l38801-2024" in [one.id for one in choice.policies]
    assert choice.because == ()


def test_a_contractor_in_the_record_goes_before_the_state():
    choice = policies_for(Coverage(payer="medicare", state="AZ", contractor=Contractor.CGS), TODAY)
    assert any(one.contractor is Contractor.CGS for one in choice.policies)


def test_a_state_of_no_contractor_is_said():
    choice = policies_for(Coverage(payer="medicare", state="ZZ"), TODAY)
    assert 'No contractor in the library serves "ZZ".' in choice.because
    assert "medicare-facet-2024" in [one.id for one in choice.policies]


def test_who_pays_is_not_documented():
    choice = policies_for(Coverage(), TODAY)
    assert [one.path for one in choice.missing] == ["coverage.payer"]
    assert "Who pays is not documented" in choice.because[0]
    assert {one.payer for one in choice.policies} == {None, "medicare"}


def test_a_commercial_payer_answers_alone_among_payers():
    choice = policies_for(Coverage(payer="aetna"), TODAY)
    assert {one.payer for one in choice.policies} == {None, "aetna"}
    assert choice.missing == ()


def test_a_payer_without_a_policy_is_said():
    choice = policies_for(Coverage(payer="unknown_plan"), TODAY)
    assert all(one.payer is None for one in choice.policies)
    assert "no policy" in choice.because[0]


def test_no_two_states_have_two_contractors_and_each_contractor_has_a_name():
    table = contractor_table()
    states = [state for one in table.jurisdictions.values() for state in one.states]
    assert len(states) == len(set(states))
    assert set(table.contractors) == set(Contractor)


@pytest.mark.parametrize(("contractor", "regions"), [("cgs", 1), ("ngs", 1), ("palmetto", 2), (None, 2)])
def test_t12_l1_counts_as_the_contractor_reads_it(contractor, regions):
    (name,) = medicare(contractor and Contractor(contractor), TODAY)
    claimed = [mask for mask in load_library()[name].regions.values() if mask >> 19 & 1]
    assert len(claimed) == regions


@pytest.mark.parametrize(
    ("state", "contractor"),
    [("OH", "cgs"), ("NY", "ngs"), ("IL", "ngs"), ("TX", "novitas"), ("PA", "novitas"), ("FL", "first_coast"),
     ("CA", "noridian_je"), ("WA", "noridian_jf"), ("GA", "palmetto"), ("VA", "palmetto"), ("KS", "wps"), ("MI", "wps")],
)  # fmt: skip
def test_who_pays_in_a_state(state, contractor):
    assert contractor_table().contractor_of(state) == contractor


def test_every_state_and_the_district_has_a_contractor():
    states = (
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH "
        "OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    )
    assert [state for state in states.split() if contractor_table().contractor_of(state) is None] == []


def _further(payer: str | None, kind: str = "local"):
    text = (
        f"id: own\nkind: {kind}\nissuer: Us\ntitle: Own\n" + (f"payer: {payer}\n" if payer else "")
        + "effective: {from: 2026-01-01}\nrequests: {}\n"
    )  # fmt: skip
    return read_policy(text, "own.yaml")


@pytest.mark.parametrize(
    ("payer", "kind", "patient_of", "day", "asked"),
    [
        (None, "local", "aetna", "2026-06-01", True),
        (None, "local", None, "2026-06-01", True),
        (None, "local", "aetna", "2025-12-31", False),
        ("aetna", "local", "aetna", "2026-06-01", True),
        ("aetna", "local", "medicare", "2026-06-01", False),
        ("medicare", "local", None, "2026-06-01", True),
        ("regional", "payer", "regional", "2026-06-01", True),
        ("regional", "payer", "aetna", "2026-06-01", False),
    ],
)
def test_further_policies_are_asked_of_whom_they_are_for(payer, kind, patient_of, day, asked):
    day = datetime.date.fromisoformat(day)
    without = policies_for(Coverage(payer=patient_of), day)
    chosen = policies_for(Coverage(payer=patient_of), day, [_further(payer, kind)])
    assert ("own" in [one.id for one in chosen.policies]) is asked
    assert [one for one in chosen.policies if one.id != "own"] == list(without.policies)
    told = "The library holds no policy of the payer Regional"
    assert any(line.startswith(told) for line in without.because) is (patient_of == "regional")
    assert not any(line.startswith(told) for line in chosen.because)
