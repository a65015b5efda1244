"""How hard a text is to read, by published formulas.

English: the Flesch-Kincaid grade (Kincaid et al. 1975, Research Branch Report 8-75, Naval Technical Training Command):
0.39 words a sentence + 11.8 syllables a word - 15.59; and SMOG (McLaughlin 1969, Journal of Reading 12:639-646):
1.0430 x the root of polysyllables in 30 sentences + 3.1291. Both are grades of United States schools.

Spanish: Fernández-Huerta (1959, Consigna 214:29-32): 206.84 - 60 syllables a word - 1.02 words a sentence, as corrected
by Law (2011), since the paper prints sentences where it counts words; and the INFLESZ scale (Barrio-Cantalejo 2008, An
Sist Sanit Navar 31:135-152) by the formula of Szigriszt-Pazos (1993, Universidad Complutense de Madrid): 206.835 - 62.3
syllables a word - words a sentence. More is easier: from 60, or from 55 on INFLESZ, is normal for adults.

A heading or an item of a list that ends without a full stop ends a sentence as well. A number is a word with as many
syllables as digits.
"""

import math
import re
from collections.abc import Callable, Sequence

import msgspec

from facetwise.education.syllables import english_syllables, spanish_syllables

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$|[\"”»)])|\n+")

FERNANDEZ_HUERTA_NORMAL, INFLESZ_NORMAL = 60, 55
"""From these scores a text is of normal difficulty for adults, or easier."""


class Counts(msgspec.Struct, frozen=True):
    """What the formulas are made of. `polysyllables` are words of three and more syllables."""

    sentences: int
    words: int
    syllables: int
    polysyllables: int

    @property
    def words_a_sentence(self) -> float:
        """Mean length of a sentence in words."""
        return self.words / self.sentences

    @property
    def syllables_a_word(self) -> float:
        """Mean length of a word in syllables."""
        return self.syllables / self.words


def count_english(text: str) -> Counts:
    """The counts of an English text. Raises `ValueError` where it has no word."""
    return _count(text, english_syllables)


def count_spanish(text: str) -> Counts:
    """The counts of a Spanish text. Raises `ValueError` where it has no word."""
    return _count(text, spanish_syllables)


def flesch_kincaid_grade(counts: Counts) -> float:
    """Flesch-Kincaid: the school grade from which an English text is understood."""
    return 0.39 * counts.words_a_sentence + 11.8 * counts.syllables_a_word - 15.59


def smog_grade(counts: Counts) -> float:
    """SMOG: the same by words of three and more syllables, made for full understanding, so that it is higher."""
    return 1.0430 * math.sqrt(counts.polysyllables * 30 / counts.sentences) + 3.1291


def fernandez_huerta(counts: Counts) -> float:
    """Fernández-Huerta: ease of a Spanish text; 60 to 70 is normal, 70 to 80 rather easy, 80 to 90 easy."""
    return 206.84 - 60 * counts.syllables_a_word - 1.02 * counts.words_a_sentence


def inflesz(counts: Counts) -> float:
    """INFLESZ: ease of a Spanish text; 55 to 65 is normal, 65 to 80 rather easy, above 80 very easy."""
    return 206.835 - 62.3 * counts.syllables_a_word - counts.words_a_sentence


def _count(text: str, syllables: Callable[[str], int]) -> Counts:
    sentences = [words for part in _SENTENCE_END.split(text) if (words := _WORD.findall(part))]
    if not sentences:
        raise ValueError("there is no word to score")
    each = [syllables(word) for words in sentences for word in words]
    return Counts(len(sentences), len(each), sum(each), _polysyllables(each))


def _polysyllables(each: Sequence[int]) -> int:
    return sum(count > 2 for count in each)
