"""What is wrong with a document: where, what was found, and what to do about it."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a document.

    `where` is a path inside the document such as `procedures[0].date`, or the empty string for the whole of it;
    `what` says what was found and `remedy` what is accepted. `line` and `column` count from 1 where they are known.
    """

    where: str
    what: str
    remedy: str
    file: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def says(self) -> str:
        """What is wrong and what to do, for whoever filled in a form and sees the place."""
        return f"{self.what}. {self.remedy.rstrip('.')}."

    def __str__(self) -> str:
        """The problem in one line: place, finding, remedy."""
        if self.line is None:
            position = self.file
        elif self.file:
            position = f"{self.file}:{self.line}:{self.column or 1}"
        else:
            position = f"line {self.line}, column {self.column or 1}"
        place = " ".join(part for part in (position, self.where) if part)
        return f"{place}: {self.what}. {self.remedy}" if place else f"{self.what}. {self.remedy}"


class DocumentError(ValueError):
    """A document that cannot be used; `problems` holds every reason found, in document order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def says(self) -> str:
        """Every problem without its place, for whoever filled in a form."""
        return " ".join(problem.says for problem in self.problems)

    def in_file(self, file: str) -> "DocumentError":
        """The same error, each problem naming `file`."""
        return DocumentError(msgspec.structs.replace(problem, file=file) for problem in self.problems)


def did_you_mean(word: str, accepted: Sequence[str]) -> str:
    """A remedy for an unknown word: the likely intention first, then everything that is accepted."""
    close = get_close_matches(word, accepted, n=1, cutoff=0.6)
    listed = ", ".join(accepted[:40]) + (", …" if len(accepted) > 40 else "")
    return f"Did you mean {close[0]}? Accepted: {listed}" if close else f"Accepted: {listed}"
