"""The evidence that comes with Facetwise, read once."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from facetwise.documents import DocumentError, Problem, did_you_mean
from facetwise.documents.disk_cache import cached
from facetwise.evidence.figures import EvidenceDocument, Figure
from facetwise.evidence.sources import Source


class UnknownFigure(KeyError):
    """No figure has this id; the text names those that come close."""

    def __init__(self, id: str, remedy: str) -> None:
        self.id = id
        self.remedy = remedy
        super().__init__(f'There is no figure "{id}". {remedy}')

    def __str__(self) -> str:
        return str(self.args[0])


def figure(id: str) -> Figure:
    """The figure with this id. Raises `UnknownFigure`."""
    try:
        return load_figures()[id]
    except KeyError:
        known = sorted(load_figures())
        raise UnknownFigure(id, did_you_mean(id, get_close_matches(id, known, n=5, cutoff=0.5) or known)) from None


def source_of(figure: Figure) -> Source:
    """What `figure` cites."""
    return figure.source


def read_evidence(text: str, file: str) -> EvidenceDocument:
    """The evidence in `text`, which may be a new file or a new edition of one that comes with Facetwise.

    Raises `DocumentError` with every problem and its line; an id that another file of Facetwise uses is one.
    """
    from facetwise.evidence.reading import read_document

    return read_document(text, file, {id: figure.topic for id, figure in load_figures().items()})


@cache
def load_figures() -> Mapping[str, Figure]:
    """Every figure that comes with Facetwise, by id. Raises `DocumentError` where its files were damaged."""
    documents = load_documents().values()
    return MappingProxyType({id: figure for document in documents for id, figure in document.figures.items()})


@cache
def load_documents() -> Mapping[str, EvidenceDocument]:
    """The evidence files that come with Facetwise, by topic. Raises `DocumentError`."""
    return MappingProxyType(cached("evidence", evidence_files(), read_figures))


def evidence_files() -> list[Traversable]:
    """The files that the evidence is read from."""
    entries = files(__package__).joinpath("cited").iterdir()
    return sorted((entry for entry in entries if entry.name.endswith(".yaml")), key=lambda entry: entry.name)


def read_figures() -> dict[str, EvidenceDocument]:
    """The evidence read from its files. Raises `DocumentError`."""
    from facetwise.evidence.reading import read_document, require_sources_agree  # brings the YAML parser

    documents: dict[str, EvidenceDocument] = {}
    taken: dict[str, str] = {}
    for file in evidence_files():
        topic = file.name.removesuffix(".yaml")
        document = read_document(file.read_text(encoding="utf-8"), file.name, taken)
        if document.id != topic:
            what = f'The id "{document.id}" is not the name of the file'
            raise DocumentError([Problem("id", what, f"Write id: {topic}", file.name)])
        documents[topic] = document
        taken |= dict.fromkeys(document.figures, topic)
    require_sources_agree(documents)
    return documents
