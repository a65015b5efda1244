"""The next step: where a patient stands on the pathway, and what every policy says of what is proposed."""

import datetime
from collections.abc import Sequence

from facetwise import __version__
from facetwise.diary import Comparison, compare_blocks
from facetwise.pathway.chances import PATHWAY, chances_for
from facetwise.pathway.proposing import (
    KnownOfRequests,
    block_responses,
    draft_request,
    joints_in_question,
    missing_in,
    propose,
    with_known,
)
from facetwise.pathway.results import (
    Alternative,
    NextStep,
    PathwayStep,
    Proposal,
    Undecided,
    version_of,
)
from facetwise.records import Kind, Purpose, Record, Request
from facetwise.rules import (
    Choice,
    History,
    Missing,
    Policy,
    Situation,
    Status,
    Step,
    View,
    find,
    policies_for,
    policy_named,
)
from facetwise.rules.facts import RED_FLAGS, red_flags_in


def next_step(
    record: Record,
    as_of: datetime.date,
    policies: Sequence[Policy] | None = None,
    further: Sequence[Policy] = (),
    known: KnownOfRequests | None = None,
) -> NextStep:
    """The current step, what it proposes, alternatives, what is missing and the earliest dates.

    `record` is taken as it stood on `as_of`. Unless `policies` are given, those of the guidelines and of whoever pays
    are asked, as in force on that day, and beside them those of `further` that are: a clinic's own, not in the library.
    `known` are facts of the requests that steps propose, by the id of the step: what stands in no record before a
    procedure is done, such as where it will be.
    """
    pathway = policy_named(PATHWAY)
    choice = policies_for(record.coverage, as_of, further) if policies is None else Choice(tuple(policies))
    asked = [pathway, *choice.policies]
    history = History(record, as_of)
    view = _standpoint(history, pathway)
    step, undecided = locate(pathway, view)
    known = known or {}
    proposal = _proposal(step, history, asked, known)
    alternatives = tuple(_alternatives(step, pathway, view, history, asked, known))
    flags = history.record.conditions
    return NextStep(
        patient=record.patient.id,
        as_of=as_of,
        step=PathwayStep(
            id=step.id,
            title=step.title,
            does=step.does,
            because=find(step.here_when, view),
            leads_to=tuple(f"{pathway.step(edge.to).title}, when {edge.when}" for edge in step.leads_to),
        ),
        proposal=proposal,
        alternatives=alternatives,
        undecided=undecided,
        red_flags_present=red_flags_in(flags),
        red_flags_not_documented=tuple(name for name in RED_FLAGS if getattr(flags, name) is None),
        missing=_missing(proposal, undecided, choice),
        responses=block_responses(history),
        comparison=_comparison(history),
        likelihoods=chances_for(history.record, joints_in_question(history.record), view),
        policies=tuple(version_of(policy) for policy in asked),
        software=f"facetwise {__version__}",
        policies_chosen_because=choice.because,
    )


def locate(pathway: Policy, view: View) -> tuple[Step, tuple[Undecided, ...]]:
    """The first step, in the pathway's order, whose condition is met, and the steps before it that are undecided."""
    undecided: list[Undecided] = []
    for step in pathway.steps:
        finding = find(step.here_when, view)
        if finding.status is Status.MET:
            return step, tuple(undecided)
        if finding.status is Status.NOT_DOCUMENTED:
            undecided.append(Undecided(step.id, step.title, finding.missing))
    return pathway.steps[-1], tuple(undecided)


def _standpoint(history: History, pathway: Policy) -> View:
    """The record seen from the joints in question, before anything is proposed."""
    sites = joints_in_question(history.record)
    request = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=history.as_of, sites=sites)
    return Situation(history, request, at_end_of_day=True).under(pathway)


def _proposal(step: Step, history: History, policies: Sequence[Policy], known: KnownOfRequests) -> Proposal | None:
    request = draft_request(step, history.record, _first_free_day(history))
    return propose(with_known(request, known.get(step.id, {})), history, policies) if request else None


def _first_free_day(history: History) -> datetime.date:
    """Today, or tomorrow when a procedure was already done today."""
    done_today = any(procedure.date == history.as_of for procedure in history.record.procedures or ())
    return history.as_of + datetime.timedelta(days=1) if done_today else history.as_of


def _alternatives(
    step: Step,
    pathway: Policy,
    view: View,
    history: History,
    policies: Sequence[Policy],
    known: KnownOfRequests,
) -> list[Alternative]:
    found = []
    for alternative in step.alternatives:
        other = pathway.step(alternative.step)
        found.append(
            Alternative(
                step=other.id,
                title=other.title,
                does=other.does,
                ranks_lower_because=alternative.ranks_lower_because,
                here_when=find(other.here_when, view),
                proposal=_proposal(other, history, policies, known),
            )
        )
    return found


def _missing(proposal: Proposal | None, undecided: Sequence[Undecided], choice: Choice) -> tuple[Missing, ...]:
    """Every question once: what the steps need first, then what the policies need, then who pays."""
    missing = [one for step in undecided for one in step.missing]
    missing += [*missing_in(proposal), *choice.missing] if proposal else ()
    return tuple(dict.fromkeys(missing))


def _comparison(history: History) -> Comparison | None:
    """The last two diagnostic blocks of the same joints compared, when there are two."""
    blocks = sorted(
        (
            procedure
            for procedure in history.record.procedures or ()
            if procedure.kind is Kind.MEDIAL_BRANCH_BLOCK and procedure.purpose is Purpose.DIAGNOSTIC
        ),
        key=lambda procedure: (procedure.date, procedure.sequence or 0),
    )
    if len(blocks) < 2 or blocks[-2].sites is None or blocks[-2].sites != blocks[-1].sites:
        return None
    if len(blocks) > 2 and blocks[-3].date == blocks[-2].date and blocks[-3].sequence == blocks[-2].sequence:
        return None  # the record does not tell which of the two came last
    return compare_blocks(blocks[-2], blocks[-1])
