"""Records and requests from JSON and back, lossless, and their published JSON Schema."""

from typing import Any

import msgspec

from facetwise.documents import DocumentError, read_json_value
from facetwise.documents import convert as convert_document
from facetwise.records.checks import record_problems, request_problems
from facetwise.records.patient import Record
from facetwise.records.procedures import Request
from facetwise.spine import SiteError, SiteSet, parse_sites


def read_record(data: bytes | dict[str, Any]) -> Record:
    """A Facetwise record from its JSON text or its decoded value.

    Raises `DocumentError` with every problem found: types and unknown fields first, then what cannot be true.
    """
    value = read_json_value(data) if isinstance(data, bytes) else data
    record = convert_document(value, Record, dec_hook=decode_sites)
    if problems := record_problems(record):
        raise DocumentError(problems)
    return record


def read_request(data: bytes | dict[str, Any]) -> Request:
    """A request from its JSON text or its decoded value. Raises `DocumentError` with every problem found."""
    value = read_json_value(data) if isinstance(data, bytes) else data
    request = convert_document(value, Request, dec_hook=decode_sites)
    if problems := request_problems(request):
        raise DocumentError(problems)
    return request


def write_json(value: object, *, indent: int = 2) -> bytes:
    """A record, a request or a result as JSON, ending in a newline; what is not documented is left out."""
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=encode_sites), indent=indent) + b"\n"


def record_schema(type_: type = Record) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record, or of another of these types.

    A record need not name its `format` to be read; msgspec would require what it only writes.
    """
    schema = msgspec.json.schema(type_, schema_hook=_sites_schema)
    if record := schema["$defs"].get(Record.__name__):
        record["required"].remove("format")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def decode_sites(type_: type, value: Any) -> Any:
    """A msgspec decoding hook: sites are text, as clinicians write them."""
    if type_ is not SiteSet:
        raise NotImplementedError(type_)
    if not isinstance(value, str):
        raise ValueError('Write the sites as text, such as "left L4-5, L5-S1"')
    try:
        return parse_sites(value)
    except SiteError as error:
        raise ValueError(str(error)) from None


def encode_sites(value: Any) -> Any:
    """A msgspec encoding hook: sites in their canonical text."""
    if isinstance(value, SiteSet):
        return str(value)
    raise NotImplementedError(type(value))


def _sites_schema(type_: type) -> dict[str, Any]:
    if type_ is SiteSet:
        return {"type": "string", "description": SiteSet.__doc__, "examples": ["left L4-5, L5-S1"]}
    raise NotImplementedError(type_)
