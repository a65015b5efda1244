"""What a name means in the table of Medicare's contractors: a contractor, a determination, a billing article."""

from collections.abc import Iterator

from facetwise.evidence.sources import Cites
from facetwise.records import Contractor
from facetwise.reports.meaning import Meaning
from facetwise.rules import contractor_table
from facetwise.rules.contractors import Determination


def in_contractors(name: str) -> Iterator[Meaning]:
    """Everything in the table that has this name: `cgs`, `L38773`, `A58364`, or a convention of a contractor's own."""
    table = contractor_table()
    for contractor, written in table.contractors.items():
        if name.lower() in (contractor, written.name.lower()):
            yield _contractor(contractor)
        if name in written.conventions:
            one = written.conventions[name]
            details = (("value", one.value),) if one.value is not None else ()
            yield Meaning("convention", f"{written.name} (Medicare)", one.says, (*details, ("because", one.because)))
    for row in table.determinations:
        if name.upper() in (row.lcd, row.article):
            yield _determination(row)


def names_in_contractors() -> Iterator[str]:
    """Every name that `in_contractors` knows."""
    table = contractor_table()
    yield from (str(contractor) for contractor in table.contractors)
    yield from dict.fromkeys(name for row in table.determinations for name in (row.lcd, row.article) if name)


def _contractor(contractor: Contractor) -> Meaning:
    table = contractor_table()
    written = table.contractors[contractor]
    served = [(name, table.jurisdictions[name]) for name in table.jurisdictions_of(contractor)]
    details = [("pays in", f"{name}: {', '.join(one.states)} ({_read(one.cites)})") for name, one in served]
    details += [("note", one.note) for _, one in served if one.note]
    rows = [row for row in table.determinations if row.contractor is contractor]
    details += [("determination", f"{row.lcd}, {_days(row)}: the text {row.text}") for row in rows]
    details += [("region", f"{name.replace('_', ' ')}: {levels}") for name, levels in written.regions.items()]
    details += [("convention", f"{one.says} {one.because}") for one in written.conventions.values()]
    details += [("note", note) for note in written.notes]
    return Meaning("contractor", "Medicare", f"{written.name} pays for Medicare in its states.", tuple(details))


def _determination(row: Determination) -> Meaning:
    contractor = contractor_table().contractors[row.contractor].name
    details = [("contractor", contractor), ("in force", _days(row)), ("text", row.text)]
    details += [("billing article", row.article)] if row.article else []
    details += [("source", _read(row.cites))]
    details += [("note", row.note)] if row.note else []
    return Meaning("determination", contractor, f"{row.lcd}: {contractor} applies {row.text}.", tuple(details))


def _days(row: Determination) -> str:
    dates = row.effective
    first = f"a day between {dates.from_} and {dates.from_by}" if dates.from_by else str(dates.from_ or "always")
    return f"from {first} to {dates.to or 'further notice'}"


def _read(cites: Cites) -> str:
    source = contractor_table().sources[cites.source]
    place = f", {cites.where}" if cites.where else ""
    return f"{source.title}{place}; {cites.certainty or source.certainty}"
