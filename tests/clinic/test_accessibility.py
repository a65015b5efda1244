"""Every page holds before axe-core, in light and dark, at a desk and on a phone, and is used by keyboard alone."""

import re

import pytest
from browsers import DESK, PHONE, find_patient, in_a_browser, is_it_you, page_of, playwright, sign_in

pytestmark = in_a_browser

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

GRAVE = ("serious", "critical")
OF_CARE = (
    "/worklist/", "/worklist/?when=all&order=name", "/patients/new/", "/patients/claims/", "/policies/",
    "/policies/medicare-facet-2024/", "/policies/new/", "/policies/compare/?policy=medicare-facet-2024&policy=asipp-2020",
    "/dashboard/", "/clinics/", "/accounts/2fa/", "/accounts/2fa/totp/activate/",
    "/accounts/password/change/", "/accounts/password/reset/", "/accounts/reauthenticate/", "/accounts/logout/",
)  # fmt: skip
OF_A_PATIENT = (
    "", "procedures/new/", "procedures/0/", "record/", "record/1/", "letters/", "letters/?kind=letter", "understand/en/", "understand/es/", "decide/en/",
    "decide/es/",
)  # fmt: skip
OF_AN_ADMINISTRATOR = ("/people/", "/settings/", "/trail/", "/policies/", "/dashboard/")
WAYS = [(DESK, "light"), (PHONE, "dark")]


def faults(page) -> list[str]:
    """What axe-core finds that is serious, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found = axe.Axe().run(page).response["violations"]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in GRAVE]


def test_what_is_wrong_is_found(browser):
    """Without this, a check that looks at nothing would pass."""
    with page_of(browser, DESK) as page:
        page.set_content("<main><img src='x.png'><input><p style='color: #ddd'>pale</p></main>")
        assert {re.search(r" ([\w-]+):", one)[1] for one in faults(page)} >= {"image-alt", "label", "color-contrast"}


@pytest.mark.parametrize(("size", "scheme"), WAYS, ids=["desk", "phone"])
def test_pages_of_care(size, scheme, browser, server):
    with page_of(browser, size, color_scheme=scheme) as page:
        page.goto(f"{server.url}/accounts/login/")
        assert faults(page) == []
        sign_in(page, server, "demo-clinician")
        page.goto(f"{server.url}/accounts/2fa/totp/activate/")
        is_it_you(page, server, "demo-clinician")
        find_patient(page, server, "Milo Reed")
        patient = page.url
        found = []
        for address in [f"{server.url}{path}" for path in OF_CARE] + [f"{patient}{path}" for path in OF_A_PATIENT]:
            page.goto(address)
            found += faults(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{address} is {wide} wide"] if wide > size["width"] else []
        assert found == []


@pytest.mark.parametrize(("size", "scheme"), WAYS, ids=["desk", "phone"])
def test_pages_of_an_administrator(size, scheme, browser, server):
    with page_of(browser, size, color_scheme=scheme) as page:
        sign_in(page, server, "demo-administrator")
        found = []
        for path in OF_AN_ADMINISTRATOR:
            page.goto(f"{server.url}{path}")
            found += faults(page)
        assert found == []


def test_joints_are_picked_and_a_step_is_answered_by_keyboard_alone(browser, server):
    with page_of(browser, DESK) as page:
        sign_in(page, server, "demo-clinician")
        find_patient(page, server, "Kofi Castle")
        patient = page.url
        tab_to(page, "Record a procedure")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("procedures/new"))
        for _ in range(2):
            tab_to_box(page, "L4-5")
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
        playwright.expect(page.locator("#advice")).to_contain_text("L3 medial branch")
        playwright.expect(page.locator("#advice")).to_contain_text("64493")

        page.goto(patient)
        tab_to(page, "Accept, decline or defer")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        tab_to(page, "Write it down")
        page.keyboard.press("Enter")
        playwright.expect(page.get_by_role("status")).to_contain_text("Accepted")


def tab_to(page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText || ''").strip() == words:
            return
    raise AssertionError(f"No way by keyboard to {words}")


def tab_to_box(page, level: str) -> None:
    """Press Tab until a box of this joint has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.value") == level:
            return
    raise AssertionError(f"No way by keyboard to {level}")
