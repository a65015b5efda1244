"""Findings on disk: Parquet by policy and year, and a manifest from which a run can be repeated and checked."""

import datetime
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from facetwise.audit.events import COLUMNS
from facetwise.audit.kernel.compiled import Answers, Kernel
from facetwise.audit.kernel.source import NOTHING, STATUSES, UNDECIDED
from facetwise.audit.kernel.table import Array, Events
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy

FORMAT = "facetwise-findings/1"
CANNOT_BE_TOLD = "cannot be told"
"""What stands for the request of an event of which the policy cannot tell which of its rules apply."""


class PolicyManifest(msgspec.Struct, frozen=True):
    """A policy that was asked: which text it was, how to read its masks, and whether only on its days in force."""

    id: str
    issuer: str
    digest: str
    criteria: tuple[str, ...]
    says: tuple[str, ...]
    advisory: tuple[bool, ...]
    requests: dict[str, tuple[str, ...]]
    conventions: dict[str, str]
    in_force: bool = False


class PolicyCounts(msgspec.Struct):
    """What came out of a policy: events by verdict, and those it has no rule for."""

    findings: int = 0
    no_rule: int = 0
    verdicts: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, other: "PolicyCounts") -> None:
        """Count in another batch."""
        self.findings += other.findings
        self.no_rule += other.no_rule
        for verdict, number in other.verdicts.items():
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + number


class Manifest(msgspec.Struct):
    """How findings were made: enough to make them again, and to see that nothing was lost.

    `columns` are the facts that were read: rows were checked in them and in their keys, and in no others. `available`
    is everything that the tables have columns for, follow-up visits among it.
    """

    source: str
    source_format: str
    inputs: dict[str, str]
    engine: str
    software: str
    policies: tuple[PolicyManifest, ...]
    events: int = 0
    rejected: int = 0
    counts: dict[str, PolicyCounts] = msgspec.field(default_factory=dict)
    columns: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    started: str = ""
    seconds: float = 0.0
    format: str = FORMAT


def policy_manifest(policy: Policy, *, in_force: bool = False) -> PolicyManifest:
    """What a manifest says of a policy. The digest is of its document with revisions merged."""
    criteria = policy.criteria()
    return PolicyManifest(
        id=policy.id,
        issuer=policy.issuer,
        digest=hashlib.blake2b(msgspec.json.encode(policy.document), digest_size=16).hexdigest(),
        criteria=tuple(criteria),
        says=tuple(one.says for one in criteria.values()),
        advisory=tuple(one.advisory for one in criteria.values()),
        requests={rules.id: tuple(one.id for one in rules.criteria) for rules in policy.requests},
        conventions={name: one.value for name, one in policy.document.conventions.items() if one.value is not None},
        in_force=in_force,
    )


def input_digests(paths: Sequence[Path]) -> dict[str, str]:
    """A digest of every input file, by its path."""
    digests = {}
    for path in paths:
        seen = hashlib.blake2b(digest_size=16)
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                seen.update(block)
        digests[str(path)] = seen.hexdigest()
    return digests


def write_part(folder: Path, batch: int, kernel: Kernel, events: Events, answers: Answers) -> PolicyCounts:
    """Write what one policy says of a batch, a file a year, and count it. Raises `DocumentError` for a full disk."""
    spoken = answers.asked != NOTHING
    rows = _rows(kernel, events, answers, spoken)
    years = (events.month // 12 - (events.month % 12 == 0))[spoken]  # months are counted from 1, so December is 12
    for one in np.unique(years):
        target = folder / f"policy={kernel.policy.id}" / f"year={one}" / f"part-{batch:06}.parquet"
        _write_whole(rows.filter(pa.array(years == one)), target)
    verdicts = np.bincount(answers.verdict[spoken], minlength=len(STATUSES))
    return PolicyCounts(
        findings=int(spoken.sum()),
        no_rule=int((~spoken).sum()),
        verdicts={word: int(number) for word, number in zip(STATUSES, verdicts, strict=True) if number},
    )


def findings_table(policy: Policy, answered: Sequence[tuple[Kernel, Events, Answers]]) -> pa.Table:
    """Findings of one policy as a table with words in place of codes, empty without any."""
    tables = [_rows(kernel, events, answers, answers.asked != NOTHING) for kernel, events, answers in answered]
    if not tables:
        return pa.table({name: pa.array([], kind) for name, kind in _TYPES.items()})
    words = [name for name, kind in _TYPES.items() if kind == pa.string()]
    return pa.concat_tables([table.cast(_plain(table, words)) for table in tables])


_TYPES = {
    "patient": pa.int64(),
    "date": pa.date32(),
    "sequence": pa.int32(),
    "kind": pa.string(),
    "asked": pa.string(),
    "verdict": pa.string(),
    "known": pa.int64(),
    "met": pa.int64(),
    "other": pa.int64(),
}
FINDING = tuple(_TYPES)
"""The columns of findings."""


def _plain(table: pa.Table, words: Sequence[str]) -> pa.Schema:
    """The schema of a table with these columns as words."""
    return pa.schema([(field.name, pa.string() if field.name in words else field.type) for field in table.schema])


def _rows(kernel: Kernel, events: Events, answers: Answers, spoken: Array) -> pa.Table:
    requests = [rules.id for rules in kernel.policy.requests]
    asked = np.where(answers.asked == UNDECIDED, len(requests), answers.asked)[spoken].astype(np.int8)
    columns: dict[str, Any] = {
        "patient": events.names.filter(pa.array(spoken)),
        "date": pa.array(events.date[spoken], pa.int32()).cast(pa.date32()),
        "sequence": pa.array(events.sequence[spoken], mask=events.sequence[spoken] < 0),
        "kind": _words(events.kind[spoken], COLUMNS["kind"].values),
        "asked": _words(asked, (*requests, CANNOT_BE_TOLD)),
        "verdict": _words(answers.verdict[spoken], STATUSES),
        "known": answers.known[spoken],
        "met": answers.met[spoken],
        "other": answers.other[spoken],
    }
    if answers.values is not None:
        for slot, name in enumerate(kernel.values):
            column = answers.values[spoken, slot]
            columns[name.removeprefix("m_")] = pa.array(column, mask=np.isnan(column))
    return pa.table(columns)


def _words(codes: Array, words: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(list(words)))


def _write_whole(table: pa.Table, target: Path) -> None:
    """A part under its own name only once it is complete."""
    partial = target.with_suffix(".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        repeated = [name for name in table.column_names if name not in ("patient", "date")]
        pq.write_table(table, partial, compression="zstd", compression_level=1, use_dictionary=repeated)
        partial.replace(target)
    except OSError as error:
        what = f"The findings cannot be written: {(error.strerror or str(error)).lower()}"
        remedy = "Make room or choose another folder, then run again with --resume"
        raise DocumentError([Problem("", what, remedy, str(target))]) from None


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of findings. Raises `DocumentError` for one that is not there or not finished."""
    try:
        return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except OSError:
        partial = folder.with_name(folder.name + ".partial")
        remedy = "Finish it with --resume" if partial.exists() else "Name the folder that audit --out wrote"
        raise DocumentError([Problem("", "There are no finished findings here", remedy, str(folder))]) from None
    except msgspec.DecodeError as error:
        raise DocumentError(
            [Problem("", f"The manifest cannot be read: {error}", "Run audit again", str(folder))]
        ) from None


def read_findings(folder: Path, policy: str) -> pa.Table:
    """Every finding of one policy, its years together. Raises `DocumentError` for a policy that was not asked."""
    parts = sorted((folder / f"policy={policy}").glob("year=*/part-*.parquet"))
    if not parts and policy not in read_manifest(folder).counts:
        known = ", ".join(read_manifest(folder).counts)
        raise DocumentError([Problem("", f'"{policy}" was not asked here', f"Asked were: {known}", str(folder))])
    return pa.concat_tables([pq.read_table(part, partitioning=None) for part in parts]) if parts else pa.table({})


def long_form(findings: pa.Table, policy: PolicyManifest) -> pa.Table:
    """One row a request and criterion, with the status as a word, for people and for tools that know no masks."""
    pieces = []
    for slot, criterion in enumerate(policy.criteria):
        asking = [name for name, criteria in policy.requests.items() if criterion in criteria]
        rows = findings.filter(pc.is_in(findings["asked"].cast(pa.string()), pa.array(asking)))
        known, met, other = ((rows[name].to_numpy() >> slot) & 1 for name in ("known", "met", "other"))
        code = np.where(known == 0, 0, np.where(other == 0, 1 + met, 3 + met)).astype(np.int8)
        piece = rows.select(["patient", "date", "sequence", "kind", "asked", "verdict"])
        piece = piece.append_column("criterion", pa.array([criterion] * len(rows), pa.string()))
        pieces.append(piece.append_column("status", _words(code, STATUSES).cast(pa.string())))
    return pa.concat_tables(pieces)


def today() -> str:
    """The moment of a run, for its manifest."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
