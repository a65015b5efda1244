"""Findings counted as they stand on disk, a file at a time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from facetwise.audit.findings import CANNOT_BE_TOLD
from facetwise.audit.kernel.compiled import Answers
from facetwise.audit.kernel.source import STATUSES, UNDECIDED
from facetwise.audit.kernel.table import Array
from facetwise.audit.report.policy_tally import PolicyTally, tally_answers
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy

_COLUMNS = ["patient", "asked", "verdict", "known", "met", "other"]


def findings_tally(folder: Path, policy: Policy) -> PolicyTally:
    """Verdicts and statuses of a policy. People are not told apart: a file holds one year of them.

    Raises `DocumentError` for a file that cannot be read.
    """
    tally = PolicyTally.empty(policy)
    for part in sorted((folder / f"policy={policy.id}").glob("year=*/part-*.parquet")):
        table = _read(part)
        masks = (table[name].to_numpy().astype(np.int64) for name in ("known", "met", "other"))
        requests = [*(rules.id for rules in policy.requests), CANNOT_BE_TOLD]
        asked = _places(table["asked"], requests, part)
        asked = np.where(asked == len(policy.requests), UNDECIDED, asked)
        answers = Answers(asked, _places(table["verdict"], STATUSES, part), *masks)
        tally_answers(tally, policy, answers, _numbered(table["patient"]))
    return tally


def _read(part: Path) -> pa.Table:
    try:
        return pq.read_table(part, columns=_COLUMNS, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        what, remedy = f"The findings cannot be read: {reason}", "Run audit again"
        raise DocumentError([Problem("", what, remedy, str(part))]) from None


def _numbered(patients: pa.ChunkedArray) -> Array:
    """Numbers in the place of patients, for those who are named by texts too."""
    encoded = patients.combine_chunks().dictionary_encode()
    numbers: Array = encoded.indices.to_numpy()
    return numbers


def _places(column: pa.ChunkedArray, words: Sequence[str], part: Path) -> Array:
    """Words as their place in a list."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    found = pc.index_in(column, value_set=pa.array(list(words)))
    if found.null_count:
        what = f'The findings say "{column.filter(pc.is_null(found))[0]}", which the policy does not know'
        raise DocumentError([Problem("", what, "Run audit again", str(part))])
    places: Array = found.to_numpy().astype(np.int8)
    return places
