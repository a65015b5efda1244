"""Work on batches spread over cores, with no more of them in memory than there are cores."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def spread(work: Callable[[Given], Made], batches: Iterable[Given], cores: int = 0) -> Iterator[Made]:
    """What `work` makes of each batch, in their order."""
    most = cores or os.cpu_count() or 1
    with ThreadPoolExecutor(most) as pool:
        running: deque[Future[Made]] = deque()
        for batch in batches:
            running.append(pool.submit(work, batch))
            if len(running) >= most:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
