"""What the two engines on DuckDB share: the criteria in SQL, and how answers are read from them."""

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

_ANSWERS = """
SELECT CAST(t.patient AS VARCHAR), CAST(t.done AS VARCHAR), t.kind, a.criterion, a.status
FROM answer AS a JOIN treated AS t ON t.id = a.request
"""


def read_sql(name: str) -> str:
    """The text of one file of statements."""
    return (HERE / "sql" / f"{name}.sql").read_text()


def answer_criteria(connection: Any, criteria: str) -> list[tuple[str, ...]]:
    """Run the criteria on the columns, and read the answers: patient, day, kind, criterion, status."""
    connection.execute(criteria)
    answers: list[tuple[str, ...]] = connection.execute(_ANSWERS).fetchall()
    return answers
