"""A situation: one request, asked of one record as it stood on a day. Policies are evaluated against it."""

import datetime
from collections.abc import Mapping, Sequence

from facetwise.diary import Response, score_block
from facetwise.records import FACET_KINDS, Planned, Procedure, Record, Request, as_it_stood
from facetwise.rules.expressions import Value
from facetwise.rules.facts import request_facts
from facetwise.rules.measures import Membership, Row, Rows, measure_value, members
from facetwise.rules.policy import Policy
from facetwise.rules.regions import same_region, session_facts
from facetwise.rules.response import planned_facts, procedure_facts


class View:
    """What one policy can see: request facts, and the rows of `prior` and `same_day` in its own regions.

    `facts` also holds the policy's measures, and `membership` the rows that each of them took.
    """

    def __init__(self, policy: Policy, facts: Mapping[str, Value], relations: Mapping[str, Rows]) -> None:
        self.policy = policy
        self.facts: dict[str, Value] = dict(facts)
        self.relations = relations
        self.membership: dict[str, Membership] = {}
        for name, measure in policy.measures.items():
            rows = relations[measure.over]
            self.membership[name] = members(measure, rows, self.facts)
            self.facts[name] = measure_value(measure, self.membership[name], rows.complete)


class History:
    """A record as it stood, with every procedure scored once, however many requests are asked of it."""

    def __init__(self, record: Record, as_of: datetime.date) -> None:
        self.record = as_it_stood(record, as_of)
        self.as_of = as_of
        self.responses: list[Response] = [score_block(procedure) for procedure in self.record.procedures or ()]


class Situation:
    """A request with its facts and the rows of `prior` and `same_day`, before any policy's regions are drawn.

    `at_end_of_day` counts the day's own procedures among `prior`: where does the patient stand this evening?
    """

    def __init__(self, history: History, request: Request, *, at_end_of_day: bool = False) -> None:
        self.history = history
        self.request = request
        self.at_end_of_day = at_end_of_day
        self.base = request_facts(history.record, request)
        self.earlier: list[Row] = []
        self.that_day: list[Row] = []
        self.session: list[Planned] = list(request.same_session or ())
        self._read_procedures()

    def _read_procedures(self) -> None:
        on = self.request.date
        for index, procedure in enumerate(self.history.record.procedures or ()):
            if procedure.date > on or (procedure.id is not None and procedure.id == self.request.replaces):
                continue
            facts = procedure_facts(procedure, self.history.responses[index], on)
            row = self._row(facts, procedure, procedure.sequence)
            if procedure.date < on or self.at_end_of_day:
                self.earlier.append(row)
            else:
                self.that_day.append(row)
                self.session.append(procedure)
        for planned in self.request.same_session or ():
            self.that_day.append(self._row(planned_facts(planned, on), planned, None))
        for rows in (self.earlier, self.that_day):  # so that no explanation depends on the order of the record
            rows.sort(key=lambda row: (row.day, row.sequence or 0, row.label))

    def _row(self, facts: dict[str, Value], planned: Planned, sequence: int | None) -> Row:
        sites, wanted = planned.sites, self.request.sites
        known = sites is not None and wanted is not None
        facts["overlaps_request"] = sites.overlaps(wanted) if known and sites and wanted else None
        facts["covers_request"] = sites.covers(wanted) if known and sites and wanted else None
        return Row(facts, planned.date.toordinal(), sequence, label_of(planned), sites.levels if sites else None)

    def under(self, policy: Policy) -> View:
        """The situation as one policy sees it: its regions drawn, its measures taken."""
        others = [planned for planned in self.session if planned.kind in FACET_KINDS]
        facts = {**self.base, **session_facts(self.request, others, policy.regions)}
        complete = self.history.record.procedures is not None
        relations = {
            "prior": Rows(self._in_regions(self.earlier, policy.regions), complete),
            "same_day": Rows(self._in_regions(self.that_day, policy.regions)),
        }
        return View(policy, facts, relations)

    def _in_regions(self, rows: Sequence[Row], regions: Mapping[str, int]) -> list[Row]:
        wanted = self.request.sites
        drawn = []
        for row in rows:
            related = None
            if wanted is not None and row.levels is not None:
                related = same_region(wanted.levels, row.levels, regions)
            drawn.append(Row({**row.facts, "same_region": related}, row.day, row.sequence, row.label, row.levels))
        return drawn


def label_of(planned: Planned) -> str:
    """A procedure in a few words, for a person: kind, sites, date."""
    done = planned.kind.replace("_", " ")
    sites = f" of {planned.sites}" if planned.sites else ""
    planned_only = "" if isinstance(planned, Procedure) else " (planned)"
    return f"{done}{sites} on {planned.date}{planned_only}"
