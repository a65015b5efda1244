"""What a phone's screen is for: a slip put right without a connection, drawings that can be read, a menu that folds."""

import datetime
import re

import pytest
from browsers import DESK, PHONE, find_patient, in_a_browser, page_of, playwright, sign_in

pytestmark = in_a_browser

LEAST_LETTERS = 11
"""Pixels: letters of a drawing below this are a strain to read on a phone."""


@pytest.fixture
def desk(browser, server):
    with page_of(browser, DESK) as page:
        sign_in(page, server, "demo-clinician")
        yield page


@pytest.fixture
def phone(browser, desk, server):
    """The diary of a block of both sides, done just now, on a phone."""
    find_patient(desk, server, "Milo Reed")
    birth_year = re.search(r"born (\d{4})", desk.locator("main").inner_text())[1]
    desk.get_by_role("link", name="Record a procedure").click()
    desk.get_by_label(re.compile("Pain just before")).fill("8")
    for side in ("left", "right"):
        desk.get_by_role("group", name="L4-5").get_by_label(side).check()
    desk.get_by_role("button", name="Record it").click()
    desk.locator(".message-success").get_by_role("link", name="Send the diary").click()
    given_at = datetime.datetime.now().replace(microsecond=0)
    desk.get_by_label("When the anaesthetic was given").fill(given_at.strftime("%Y-%m-%dT%H:%M"))
    desk.get_by_role("button", name="Make the link").first.click()
    address = desk.get_by_label("Or as text").input_value()
    desk.get_by_role("link", name="Done").click()
    with page_of(browser, PHONE) as page:
        page.goto(address)
        page.get_by_role("textbox").fill(birth_year)
        page.get_by_role("button").click()
        page.wait_for_url(re.compile("/diary/$"))
        yield page


def choose(phone, **scores):
    for side, score in scores.items():
        phone.locator(f"input[name=score{side}][value='{score}']").check()


def save(phone):
    phone.get_by_role("button", name="Save", exact=True).click()


def told(phone, words):
    playwright.expect(phone.locator("#told")).to_contain_text(words)


def test_a_slip_is_put_right_without_a_connection(phone, desk):
    playwright.expect(phone.locator("main")).to_contain_text("lower back, both sides")
    phone.context.set_offline(True)
    choose(phone, left=3)
    save(phone)
    told(phone, "Choose a number for the right side first.")
    choose(phone, right=8)
    save(phone)
    told(phone, "You did not say what you were doing")
    save(phone)
    told(phone, re.compile(r"Saved: left side 3 of 10, right side 8 of 10 at \d+:\d\d"))
    times = phone.locator("#times")
    playwright.expect(times).to_contain_text("✓ Left side: 3, Right side: 8 (waiting to send)")

    phone.get_by_role("button", name="Correct it").click()
    assert phone.locator("input[name=scoreright]:checked").input_value() == "8"
    choose(phone, right=5)
    phone.get_by_label("What usually hurts").check()
    save(phone)
    told(phone, "Saved: left side 3 of 10, right side 5 of 10")
    playwright.expect(times).to_contain_text("✓ Left side: 3, Right side: 5 (waiting to send)")
    phone.context.set_offline(False)
    phone.reload()
    playwright.expect(phone.locator("#sent")).to_contain_text("All sent")
    playwright.expect(times).to_contain_text("✓ Left side: 3, Right side: 5")
    desk.reload()
    assert desk.locator(".entries tr.corrected s").all_text_contents() == ["3", "8"]

    phone.get_by_role("button", name="Take it back").click()
    told(phone, "Taken back: left side 3 of 10, right side 5 of 10")
    playwright.expect(phone.locator("#sent")).to_contain_text("All sent")
    playwright.expect(times).not_to_contain_text("✓")
    playwright.expect(phone.get_by_role("button", name="Correct it")).to_be_hidden()


def test_drawings_can_be_read_and_scroll_in_their_own_box(browser, server):
    with page_of(browser, PHONE) as page:
        sign_in(page, server, "demo-clinician")
        find_patient(page, server, "Kofi Castle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        sizes = page.evaluate(
            """[...document.querySelectorAll('main svg text')].map((one) => {
                const svg = one.ownerSVGElement;
                const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
                return scale * parseFloat(getComputedStyle(one).fontSize) })"""
        )
        assert min(sizes) >= LEAST_LETTERS
        boxes = page.locator(".drawing")
        assert boxes.count() >= 3
        assert boxes.evaluate_all("all => all.every((one) => one.tabIndex === 0 && one.ariaLabel)")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_menu_folds_on_a_phone_and_opens_by_keyboard_without_scripts(browser, server):
    with page_of(browser, PHONE, java_script_enabled=False) as page:
        sign_in(page, server, "demo-clinician")
        assert page.locator("header").bounding_box()["height"] < 80
        page.locator("summary", has_text="Menu").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="New patient").click()
        page.wait_for_url(re.compile("patients/new"))
    with page_of(browser, DESK) as page:
        sign_in(page, server, "demo-clinician")
        playwright.expect(page.locator("summary", has_text="Menu")).to_be_hidden()
        playwright.expect(page.get_by_role("link", name="New patient")).to_be_visible()


def test_on_a_phone_the_advice_comes_before_the_button(browser, server):
    with page_of(browser, PHONE) as page:
        sign_in(page, server, "demo-clinician")
        find_patient(page, server, "Kofi Castle")
        page.get_by_role("link", name="Record a procedure").click()
        advice, button = page.locator("#advice"), page.get_by_role("button", name="Record it")
        assert advice.bounding_box()["y"] < button.bounding_box()["y"]


def test_what_a_check_found_stands_below_its_button_and_has_the_focus(browser, server):
    with page_of(browser, DESK) as page:
        sign_in(page, server, "demo-clinician")
        page.goto(f"{server.url}/policies/new/")
        playwright.expect(page.get_by_label("Start from")).to_be_hidden()
        button = page.get_by_role("button", name="Check")
        button.click()
        found = page.locator("#result")
        playwright.expect(found).to_contain_text("It is sound")
        playwright.expect(found).to_be_in_viewport()
        assert page.evaluate("document.activeElement.id") == "result"
        assert 0 < found.bounding_box()["y"] - button.bounding_box()["y"] < 100


def test_the_record_is_folded_and_the_address_of_a_section_unfolds_it(desk, server):
    find_patient(desk, server, "Ana Abril")
    desk.goto(f"{desk.url}record/")
    playwright.expect(desk.locator("#goals")).to_be_hidden()
    desk.goto(f"{desk.url}#goals")
    playwright.expect(desk.locator("#goals").get_by_role("button", name="Save")).to_be_visible()
    playwright.expect(desk.locator("#red-flags")).to_be_hidden()
