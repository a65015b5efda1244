"""The table of Medicare's contractors read and checked, and a policy made of each of its determinations."""

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from facetwise.documents import DocumentError, YamlDocument, did_you_mean
from facetwise.documents.typing import Path
from facetwise.evidence.sources import Cites
from facetwise.rules.checking import Written
from facetwise.rules.checking_sources import uncited
from facetwise.rules.compiling import compile_regions
from facetwise.rules.contractors import ContractorTable, Determination
from facetwise.rules.leaves import Leaves
from facetwise.rules.policy import Citation, Policy


def read_contractors(yaml: YamlDocument) -> ContractorTable:
    """The table, checked for sources, states of two contractors and contractors without a name.

    Raises `DocumentError` with every problem and its line.
    """
    table = yaml.typed(ContractorTable)
    leaves = Leaves(yaml, {})
    _check_sources(table, leaves)
    served: dict[str, str] = {}
    for name, jurisdiction in table.jurisdictions.items():
        for number, state in enumerate(jurisdiction.states):
            if served.setdefault(state, name) != name:
                what = f"{state} is in {served[state]} and in {name}"
                leaves.add(("jurisdictions", name, "states", number), what, "Keep one of the two")
    for number, row in enumerate(table.determinations):
        if row.contractor not in table.contractors:
            leaves.add(("determinations", number), f"{row.contractor} has no name", "Add it under `contractors`")
    if leaves.problems:
        raise DocumentError(leaves.problems)
    return table


def _check_sources(table: ContractorTable, leaves: Leaves) -> None:
    cited: list[tuple[Path, Cites]] = [
        (("jurisdictions", name), one.cites) for name, one in table.jurisdictions.items()
    ]
    cited += [(("determinations", number), one.cites) for number, one in enumerate(table.determinations)]
    for path, cites in cited:
        if cites.source not in table.sources:
            remedy = did_you_mean(cites.source, list(table.sources))
            leaves.add((*path, "cites", "source"), f'There is no source "{cites.source}"', remedy)
    for name in table.sources.keys() - {cites.source for _, cites in cited}:
        leaves.add(("sources", name), *uncited(name))


def determination_policies(
    table: ContractorTable, yaml: YamlDocument, texts: Mapping[str, Policy], broken: Collection[str] = ()
) -> dict[str, tuple[Policy, Written]]:
    """A policy for every determination, and where its dates are written; none for a text that is `broken`.

    Raises `DocumentError`.
    """
    leaves = Leaves(yaml, {})
    policies = {}
    for number, row in enumerate(table.determinations):
        text = texts.get(row.text)
        if row.text in broken:
            continue
        if text is None:
            remedy = did_you_mean(row.text, list(texts))
            leaves.add(("determinations", number, "text"), f'There is no policy "{row.text}"', remedy)
            continue
        policy = _policy(table, row, text, leaves)
        if policy.id in policies:
            leaves.add(("determinations", number), f'Two rows make the policy "{policy.id}"', "Keep one of the two")
        policies[policy.id] = policy, Written(yaml, ("determinations", number, "effective"))
    if leaves.problems:
        raise DocumentError(leaves.problems)
    return policies


def _policy(table: ContractorTable, row: Determination, text: Policy, leaves: Leaves) -> Policy:
    contractor = table.contractors[row.contractor]
    source = table.sources[row.cites.source]
    certainty = row.cites.certainty or source.certainty
    article = f", billing article {row.article}" if row.article else ""
    about = f"{row.lcd}{article}: {source.title} ({certainty})"
    document = replace(
        text.document,
        id=f"medicare-{row.contractor.replace('_', '-')}-{row.lcd.lower()}-{text.id.removeprefix('medicare-facet-')}",
        issuer=f"{contractor.name} (Medicare)",
        title=f"{row.lcd}: {text.title}",
        contractor=row.contractor,
        checked_on=None,
        revises=text.id,
        effective=row.effective,
        regions=contractor.regions or text.document.regions,
        conventions={**text.document.conventions, **contractor.conventions},
        notes=tuple(note for note in (*text.notes, about, row.note, *contractor.notes) if note),
    )
    return replace(
        text,
        id=document.id,
        issuer=document.issuer,
        title=document.title,
        contractor=document.contractor,
        revises=document.revises,
        effective_from=row.effective.from_,
        effective_to=row.effective.to,
        regions=compile_regions(document.regions, ("contractors", row.contractor), leaves),
        notes=document.notes,
        document=document,
        applied=Citation(row.cites.source, source.title, row.cites.where, source.url, source.read_on, certainty),
    )
