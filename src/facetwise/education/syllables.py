"""How many syllables a word has, in English by rule and by list, in Spanish by rule."""

import re
import unicodedata

_GROUP = re.compile(r"[aeiouy]+")
_SPOKEN_END = re.compile(r"[^aeiouylr]l(e|es|ed)$|[td]ed$|([scgxz]|[sc]h)es$")
_SILENT_END = re.compile(r"e$|es$|ed$")
_NOT_SPOKEN = re.compile(r"^y(?=[aeiou])|(?<=[^aeiouy])e(?=(?:ness|ly|ful|less)$)")
_TWO_VOWELS = re.compile(
    r"(?<![ct])ia"  # med-i-al, tri-al, but so-cial
    r"|(?<![ct])ie(?=[nt])"  # expe-ri-ence, but pa-tient
    r"|(?<![ctgs])io(?=[ud])|io$"  # se-ri-ous, ra-di-o, but pre-cious
    r"|(?<!q)ua(?=[lt])"  # us-u-al
    r"|eo|(?<=[aeiouy])ing$"  # vid-e-o, try-ing
)

_ENGLISH_LIST = {
    "area": 3, "areas": 3, "before": 2, "being": 2, "beyond": 2, "business": 2, "clothes": 1, "diabetes": 4,
    "doing": 2, "every": 2, "everything": 3, "eye": 1, "eyes": 1, "facetwise": 3, "friend": 1, "friends": 1,
    "going": 2, "guideline": 2, "guidelines": 2, "idea": 3, "ideas": 3, "lifetime": 2, "maybe": 2, "pacemaker": 3,
    "people": 2, "quiet": 2, "radiofrequency": 6, "reaction": 3, "science": 2, "someone": 2, "something": 2,
    "sometimes": 2, "somewhere": 2, "therefore": 2, "vertebrae": 3,
}  # fmt: skip
"""Words that the rules miss."""

_STRONG = "aeoáéó"
_WEAK = "iuü"
_STRESSED_WEAK = "íú"


def english_syllables(word: str) -> int:
    """Syllables of one English word, as near as spelling tells: groups of vowels, less a silent ending."""
    word = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    if word in _ENGLISH_LIST:
        return _ENGLISH_LIST[word]
    if not word.isalpha():
        return sum(character.isdigit() for character in word) or 1
    spoken = word if _SPOKEN_END.search(word) else _SILENT_END.sub("", word)
    spoken = _NOT_SPOKEN.sub("", spoken)
    return max(len(_GROUP.findall(spoken)) + len(_TWO_VOWELS.findall(spoken)), 1)


def spanish_syllables(word: str) -> int:
    """Syllables of one Spanish word: vowels, less one for each diphthong.

    Two strong vowels part, a weak one joins its neighbour unless it bears an accent. `y` is a vowel at the end of a
    word, `u` is silent in `que`, `qui`, `gue`, `gui`.
    """
    word = unicodedata.normalize("NFC", word.lower())
    if not word.isalpha():
        return sum(character.isdigit() for character in word) or 1
    word = re.sub(r"(?<=q)u|(?<=g)u(?=[eiéí])", "", word)
    word = re.sub(r"y$", "i", word).replace("h", "")
    vowels = _STRONG + _WEAK + _STRESSED_WEAK
    count = 0
    for place, letter in enumerate(word):
        if letter in vowels:
            before = word[place - 1] if place else ""
            count += not (before and before in vowels and _one_syllable(before, letter))
    return max(count, 1)


def _one_syllable(first: str, second: str) -> bool:
    """Whether two vowels that follow each other are one syllable."""
    if first == second or first in _STRESSED_WEAK or second in _STRESSED_WEAK:
        return False
    return not (first in _STRONG and second in _STRONG)
