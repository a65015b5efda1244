"""From all that was counted of a population to what may be shown of it."""

from collections.abc import Callable
from pathlib import PurePath

from facetwise.audit.report.population import Population
from facetwise.audit.report.protected_journeys import JourneyCounts
from facetwise.audit.report.protected_policies import PolicyCounts
from facetwise.audit.report.summary import Count, Summary
from facetwise.audit.report.suppression import Counts, Name, hidden_counts

LEAST = 11
"""The threshold that is used where no other is asked for: a count below it is suppressed."""

Shown = Callable[[Name], Count]


def suppressed(population: Population, least: int = LEAST) -> Summary:
    """What may be shown: no count above 0 and under `least`, of things or of people, and none that tells one.

    Counts in tables are hidden together, over the whole page. Groups, months, days and times of the curve are put
    together instead, until none of them is small.
    """
    counts = Counts()
    events = counts.add(("events",), population.manifest.events, worth=100)
    rejected = counts.add(("rejected",), population.manifest.rejected)
    policies = [PolicyCounts(asked, counts, events, least) for asked in population.policies]
    journeys = JourneyCounts(population.journeys, counts)
    hidden = hidden_counts(counts, least)

    def shown(name: Name) -> Count:
        return None if name in hidden else counts.values[name]

    manifest = population.manifest
    by_id = {one.id: one for one in manifest.policies}
    return Summary(
        least=least,
        source=PurePath(manifest.source).name,
        source_format=manifest.source_format,
        inputs=tuple((PurePath(path).name, digest) for path, digest in manifest.inputs.items()),
        engine=manifest.engine,
        software=manifest.software,
        started=manifest.started,
        events=shown(events),
        rejected=shown(rejected),
        policies=tuple(one.summary(by_id[one.asked.policy.id], manifest.available, shown, least) for one in policies),
        journeys=journeys.summary(shown, least),
    )
