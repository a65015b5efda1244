"""From a pain diary to the response of a block, and from two blocks to whether they agree."""

from facetwise.diary.chart import diary_svg, in_words
from facetwise.diary.comparison import Comparison, Concordance, compare_blocks
from facetwise.diary.expected import ExpectedDuration, expected_duration
from facetwise.diary.protocol import THRESHOLDS, Protocol, default_protocol
from facetwise.diary.reading import DiaryDocument, read_diary
from facetwise.diary.response import AgainstAgent, Duration, Reason, Response, Unjudgeable
from facetwise.diary.scoring import score_block
from facetwise.diary.told import EntryRow, entry_rows, lasted_rows, relief_cut

__all__ = [
    "THRESHOLDS",
    "AgainstAgent",
    "Comparison",
    "Concordance",
    "DiaryDocument",
    "Duration",
    "EntryRow",
    "ExpectedDuration",
    "Protocol",
    "Reason",
    "Response",
    "Unjudgeable",
    "compare_blocks",
    "default_protocol",
    "diary_svg",
    "entry_rows",
    "expected_duration",
    "in_words",
    "lasted_rows",
    "read_diary",
    "relief_cut",
    "score_block",
]
