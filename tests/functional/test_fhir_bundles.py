"""Bundles as electronic health records export them: what becomes of each, and what is listed as left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from facetwise.fhir import read_bundle, write_bundle
from facetwise.records import read_record

BUNDLES = Path(__file__).parent / "fhir_bundles"
NAMES = sorted(file.name.removesuffix(".expected.json") for file in BUNDLES.glob("*.expected.json"))
IDENTIFYING = ("Winterbottom", "Wanda", "MRN-99-1234", "555-0101", "Orchard", "Quince", "Bartholomew", "Nightingale")


def expected(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((BUNDLES / f"{name}.expected.json").read_bytes())
    return value


@pytest.mark.parametrize("name", NAMES)
def test_the_record_of_a_bundle(name: str) -> None:
    read = read_bundle((BUNDLES / f"{name}.json").read_bytes())
    assert read.record == read_record(expected(name)["record"])


@pytest.mark.parametrize("name", NAMES)
def test_what_a_bundle_leaves_out(name: str) -> None:
    read = read_bundle((BUNDLES / f"{name}.json").read_bytes())
    assert [[one.where, one.what, one.why] for one in read.unmapped] == expected(name)["unmapped"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_and_no_address_comes_through(name: str) -> None:
    text = str(read_bundle((BUNDLES / f"{name}.json").read_bytes()))
    assert not [word for word in IDENTIFYING if word in text]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_read_can_be_written_and_read_again(name: str) -> None:
    record = read_bundle((BUNDLES / f"{name}.json").read_bytes()).record
    assert read_bundle(write_bundle(record)).record == record
