"""The resources of a bundle, indexed: which patient they are about, what refers to what, which FHIR it is."""

from typing import Any

from facetwise.documents import DocumentError, Problem
from facetwise.fhir.codes import OTHER_VERSIONS, UNREADABLE_BUNDLES
from facetwise.fhir.elements import Element
from facetwise.fhir.values import NO_PLACE, Findings


class Resource(Element):
    """One resource, with the addresses by which others refer to it."""

    def __init__(self, value: dict[str, Any], where: str, findings: Findings, full_url: str = "") -> None:
        super().__init__(value, where, "", findings)
        self.type: str = value["resourceType"]
        self.id = self.text("id") or ""
        self.full_url = full_url
        self.contained: dict[str, Resource] = {}
        self.used = False
        self.is_set_aside = False
        if modifiers := self.children("modifierExtension"):
            urls = ", ".join(modifier.text("url") or "no url" for modifier in modifiers)
            self.set_aside(f"modifierExtension {urls}", "it may reverse the meaning, so the resource was not read")

    def set_aside(self, what: str, why: str) -> None:
        """List the whole resource as not carried over."""
        self.used = self.is_set_aside = True
        self.leave(what, why)

    def status(self, name: str) -> str:
        """The code, else the text, of a status given as a CodeableConcept; empty where there is none."""
        concept = self.concept(name)
        return (concept.codings[0].code if concept.codings else concept.text).lower()


class Bundle:
    """The resources of one patient's bundle, in order."""

    def __init__(self, value: object, findings: Findings) -> None:
        self.findings = findings
        bundle = Element(_checked(value), "", "", findings)
        bundle.skip("total", "link", "timestamp", "identifier", "signature", "type")
        self.resources: list[Resource] = []
        for index, entry in enumerate(bundle.children("entry")):
            self._add(entry, index)
        _refuse_other_versions(self.resources)
        self._drop_repeated()
        self._by_address = {f"{one.type}/{one.id}": one for one in self.resources if one.id}
        self._by_address |= {one.full_url: one for one in self.resources if one.full_url}

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types that were not used up, each counted as used from now on."""
        found = [resource for resource in self.resources if resource.type in types and not resource.used]
        for resource in found:
            resource.used = True
        return found

    def resolve(self, address: str, container: Resource) -> Resource | None:
        """What a reference in `container` refers to: `#id`, a fullUrl, `Type/id`, or an absolute address."""
        if address.startswith("#"):
            return container.contained.get(address[1:])
        address = address.partition("/_history/")[0]
        return self._by_address.get(address) or self._by_address.get("/".join(address.split("/")[-2:]))

    def list_unread(self) -> None:
        """List every resource that nobody read, and every part of the others that nobody looked at."""
        for resource in [*self.resources, *(part for whole in self.resources for part in whole.contained.values())]:
            if not resource.used:
                resource.leave(resource.type, "Facetwise does not read this type of resource")
            elif not resource.is_set_aside and (names := list(resource.unread())):
                resource.leave(", ".join(names), NO_PLACE)

    def _add(self, entry: Element, index: int) -> None:
        entry.skip("search", "request", "response", "link", "fullUrl")
        value = entry.child("resource")
        if value is None:
            if not entry.has("resource"):
                self.findings.leave(f"entry[{index}]", "an entry without a resource", "there is nothing to read")
            return
        resource = self._resource(value, f"entry[{index}]", entry.text("fullUrl") or "")
        if resource is None:
            return
        self.resources.append(resource)
        for part in Element(resource.value, resource.where, "", self.findings).children("contained"):
            contained = self._resource(part, f"{resource.where} contained")
            if contained:
                resource.contained[contained.id] = contained

    def _resource(self, value: Element, where: str, full_url: str = "") -> Resource | None:
        kind, name = value.text("resourceType"), value.value.get("id")
        if not kind:
            problem = Problem(f"{where} resourceType", "The resource does not say what it is", "Name its resourceType")
            self.findings.problems.append(problem)
            return None
        named = f"{kind}/{name}" if isinstance(name, str) and name else kind
        return Resource(value.value, f"{where} {named}", self.findings, full_url)

    def _drop_repeated(self) -> None:
        """Of two versions of one resource keep the later, by meta.lastUpdated, and list the other."""
        kept: dict[tuple[str, str], Resource] = {}
        for resource in self.resources:
            key = (resource.type, resource.id or resource.full_url or resource.where)
            earlier = kept.setdefault(key, resource)
            if earlier is resource:
                continue
            older, kept[key] = (earlier, resource) if _updated(resource) >= _updated(earlier) else (resource, earlier)
            older.leave("the same resource again", f"{kept[key].where} is the later version and was read")
        self.resources = list(kept.values())


def _checked(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DocumentError([Problem("", "This is no FHIR Bundle", "Give one JSON object with resourceType Bundle")])
    kind = value.get("resourceType")
    if kind != "Bundle":
        what = f"This is a {kind}, not a Bundle" if isinstance(kind, str) and kind.isalpha() else "This is no Bundle"
        raise DocumentError([Problem("resourceType", what, "Put all resources of the patient into one FHIR R4 Bundle")])
    use = value.get("type")
    if use is not None and not isinstance(use, str):
        raise DocumentError([Problem("type", "The type of the Bundle is no text", "Write for example collection")])
    if use in UNREADABLE_BUNDLES:
        raise DocumentError([Problem("type", f"This Bundle is a {use}", UNREADABLE_BUNDLES[use])])
    return value


def _refuse_other_versions(resources: list[Resource]) -> None:
    problems = [
        Problem(
            f"{resource.where} {element}", f"This element is FHIR {version}, not R4", "Export the bundle as FHIR R4"
        )
        for resource in resources
        for (kind, element), (version, shape) in OTHER_VERSIONS.items()
        if resource.type == kind and isinstance(resource.value.get(element), shape)
    ]
    if problems:
        raise DocumentError(problems)


def _updated(resource: Resource) -> str:
    meta = resource.value.get("meta")
    updated = meta.get("lastUpdated") if isinstance(meta, dict) else None
    return updated if isinstance(updated, str) else ""
