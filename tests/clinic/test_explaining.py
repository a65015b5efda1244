"""What a patient is given to read is about this patient's plan, in either language, with no style but our own."""

import pytest
from django.urls import reverse

from facetwise.clinic.drawing_styles import style_sources, styles_in


@pytest.mark.parametrize(("what", "language"), [(w, code) for w in ("understand", "decide") for code in ("en", "es")])
def test_the_page_is_of_the_plan(what, language, clinic, signed_in):
    response = signed_in("coordinator").get(reverse("for-the-patient", args=[clinic.patient.pk, what, language]))
    text = response.content.decode()
    assert f'<html lang="{language}"' in text
    if what == "understand":
        assert ("second block" if language == "en" else "segundo bloqueo") in text
    assert "Kofi" not in text
    policy = response["Content-Security-Policy"]
    assert styles_in(text)
    assert all(source in policy for source in styles_in(text))
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["understand/fr", "sell/en"])
def test_there_is_no_other_page(address, clinic, signed_in):
    assert signed_in("clinician").get(f"/patients/{clinic.patient.pk}/{address}/").status_code == 404


def test_every_drawing_has_its_style_allowed():
    assert len(style_sources()) == 3
