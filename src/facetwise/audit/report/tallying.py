"""Compiled loops that count events, and the different people behind them.

Events come in the order of their patients, so that a person is new to a count when the last one counted was another.
"""

import numpy as np
from numba import njit

NOT_DOCUMENTED, NOT_MET, MET, NEEDS_REVIEW, NOT_APPLICABLE = range(5)
"""Statuses and verdicts by number, as in `kernel_source.STATUSES`."""


@njit(cache=True, nogil=True)
def tally(codes, patients, counts, people):  # type: ignore[no-untyped-def]
    """Count events by their code, -1 for none, and the people of each code, into the given arrays."""
    last = np.full(len(counts), -1, np.int64)
    for row in range(len(codes)):
        code = codes[row]
        if code >= 0:
            counts[code] += 1
            if last[code] != patients[row]:
                last[code] = patients[row]
                people[code] += 1


@njit(cache=True, nogil=True)
def tally_statuses(  # type: ignore[no-untyped-def]
    asked, known, met, other, patients, masks, deciding, statuses, status_people, alone, alone_people
):
    """Count the statuses of criteria by request, and the requests that a single deciding criterion fails."""
    last = np.full(status_people.shape, -1, np.int64)
    last_alone = np.full(len(alone_people), -1, np.int64)
    for row in range(len(asked)):
        request = asked[row]
        if request < 0:
            continue
        mask = masks[request]
        failed = mask & known[row] & ~met[row] & ~other[row] & deciding
        for slot in range(len(alone_people)):
            if not mask >> slot & 1:
                continue
            status = NOT_DOCUMENTED
            if known[row] >> slot & 1:
                status = NOT_MET + (met[row] >> slot & 1) + 2 * (other[row] >> slot & 1)
            statuses[request, slot, status] += 1
            if last[slot, status] != patients[row]:
                last[slot, status] = patients[row]
                status_people[slot, status] += 1
            if failed == 1 << slot:
                alone[request, slot] += 1
                if last_alone[slot] != patients[row]:
                    last_alone[slot] = patients[row]
                    alone_people[slot] += 1
