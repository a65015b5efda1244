"""On a real phone without JavaScript: the decision aid in Spanish, and a link that has expired asks for a new one."""

import re
import subprocess
import sys

import pytest
from browsers import DESK, PHONE, find_patient, in_a_browser, page_of, playwright, sign_in

pytestmark = in_a_browser

EXPIRE = """
import django
django.setup()
from django.utils import timezone
from facetwise.clinic.models import PatientLink
PatientLink.objects.update(expires_at=timezone.now())
"""


@pytest.fixture
def desk(browser, server):
    """The page of a patient, at the desk of a coordinator."""
    with page_of(browser, DESK) as page:
        sign_in(page, server, "demo-coordinator")
        find_patient(page, server, "Kofi Castle")
        yield page


@pytest.fixture
def phone(browser):
    """A phone that runs no script."""
    with page_of(browser, PHONE, locale="es-MX", java_script_enabled=False) as page:
        yield page


def test_the_aid_is_answered_in_spanish_and_its_expired_link_asks_for_another(desk, phone, server):
    birth_year = re.search(r"born (\d{4})", desk.locator("main").inner_text())[1]
    desk.get_by_text("Send the decision aid to the patient").click()
    desk.locator("#aid-language").select_option("es")
    desk.locator("form[action$='/aid/'] button").click()
    address = desk.get_by_label("Or as text").input_value()
    desk.get_by_role("link", name="Done").click()

    phone.goto(address)
    phone.get_by_label("El año en que usted nació").fill(birth_year)
    phone.get_by_role("button", name="Abrir").click()
    phone.get_by_role("group", name="Evitar un esteroide").get_by_label("Mucho").check()
    phone.get_by_label("El bloqueo", exact=True).check()
    phone.get_by_label("Mi propia pregunta").fill("¿Puedo manejar después?")
    phone.get_by_role("button", name="Enviar mis respuestas a la clínica").click()
    playwright.expect(phone.get_by_role("status")).to_contain_text("La clínica tiene sus respuestas")
    assert phone.get_by_label("El bloqueo", exact=True).is_checked()

    desk.reload()
    playwright.expect(desk.get_by_text("Leans towards: The block")).to_be_visible()
    desk.get_by_role("link", name="All answers").click()
    playwright.expect(desk.get_by_text("¿Puedo manejar después?")).to_be_visible()

    expire_links(server)
    phone.goto(address)
    phone.get_by_label("El año en que usted nació").fill(birth_year)
    phone.get_by_role("button", name="Pedir un enlace nuevo").click()
    playwright.expect(phone.get_by_role("status")).to_contain_text("La clínica ve que usted quiere un enlace nuevo")
    desk.goto(f"{server.url}/worklist/?kind=link_asked")
    desk.get_by_role("link", name="Kofi Castle").click()
    playwright.expect(desk.get_by_text("The patient asked for a new link")).to_be_visible()


def expire_links(server) -> None:
    """Let the time of every link be over."""
    env = server.environment | {
        "FACETWISE_CLINIC_HOME": str(server.home),
        "DJANGO_SETTINGS_MODULE": "facetwise.clinic.settings",
    }
    subprocess.run([sys.executable, "-c", EXPIRE], env=env, check=True)
