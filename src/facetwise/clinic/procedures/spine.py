"""Joints picked on a drawn spine, as a field of a form."""

from typing import Any

from django import forms

from facetwise.spine import LEVELS, Region, Side, SiteSet, region_of

SIDES = (Side.LEFT, Side.RIGHT)


class SpinePicker(forms.Widget):
    """A box for each joint on each side, by region.

    Joints whose side nobody documented have a box of their own, so that what is not known does not get lost.
    """

    template_name = "clinic/spine.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> SiteSet | None:
        """The joints that are checked; None for none."""
        if not hasattr(data, "getlist"):
            return None
        checked = [(one, side) for side in Side for one in data.getlist(_box(name, side)) if one in LEVELS]
        return SiteSet.of(checked) if checked else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Boxes that nobody checked are not sent at all."""
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The regions with their levels, each with its boxes."""
        sites = value if isinstance(value, SiteSet) else SiteSet()
        picked = set(sites)
        unsided = {level for level, side in picked if side is Side.UNKNOWN}
        regions = []
        for region in Region:
            levels = [
                (level, [(side, _box(name, side), (level, side) in picked) for side in _sides(level in unsided)])
                for level in LEVELS
                if region_of(level) is region
            ]
            shown = any(checked for _, boxes in levels for *_, checked in boxes)
            regions.append((region.value, shown or (not picked and region is Region.LUMBAR), levels))
        return super().get_context(name, value, attrs) | {"regions": regions}


class SitesField(forms.Field):
    """Joints with their sides."""

    widget = SpinePicker

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other joints are checked than before."""
        return bool((initial or None) != (data or None))


def _sides(unsided: bool) -> tuple[Side, ...]:
    return (*SIDES, Side.UNKNOWN) if unsided else SIDES


def _box(name: str, side: Side) -> str:
    """The name of the boxes of a side: `left_levels` for the field `sites`."""
    return f"{name.removesuffix('sites')}{'unsided' if side is Side.UNKNOWN else side}_levels"
