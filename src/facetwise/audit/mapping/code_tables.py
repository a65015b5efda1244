"""What billing and diagnosis codes mean, as tables that statements join."""

import pyarrow as pa

from facetwise.audit.mapping.meaning_of_codes import (
    diagnosis_facts,
    facts_of_diagnosis,
    procedure_codes,
    region_of_diagnosis,
)
from facetwise.coding.claim_lines import PLACES
from facetwise.records import Kind


def procedure_table(injections_are: Kind) -> pa.Table:
    """The procedure codes as a table. `either` says that a code may mean the joint or its nerves."""
    known = list(procedure_codes().values())
    either = [one.use == "procedure" and one.kind is None for one in known]
    kinds = [injections_are if open_ else one.kind for one, open_ in zip(known, either, strict=True)]
    texts: dict[str, list[str | None]] = {
        "code": [one.code for one in known],
        "use": [str(one.use) for one in known],
        "kind": [*kinds],
        "family": [one.family for one in known],
        "position": [one.position for one in known],
        "guidance": [one.guidance for one in known],
        "why": [one.why or None for one in known],
    }
    columns = {name: pa.array([_plain(cell) for cell in cells], pa.string()) for name, cells in texts.items()}
    return pa.table({**columns, "either": pa.array(either)})


def _plain(word: str | None) -> str | None:
    return None if word is None else str(word)


def place_table() -> pa.Table:
    """The numbers of places of service, and the place each one is."""
    return pa.table({"code": list(PLACES), "place": [str(place) for place in PLACES.values()]})


def diagnosis_table(codes: list[str]) -> pa.Table:
    """For each code the region of the pain and the facts that it tells, one column a fact, null where it does not."""
    told = [set(facts_of_diagnosis(code)) for code in codes]
    facts = {name: pa.array([True if name in one else None for one in told], pa.bool_()) for name in diagnosis_facts()}
    regions = pa.array([region_of_diagnosis(code) for code in codes], pa.string())
    return pa.table({"code": pa.array(codes, pa.string()), "pain_region": regions, **facts})
