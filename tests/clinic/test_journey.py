"""A block's way through real browsers: recorded, its diary kept on a phone without a connection, judged, and told."""

import datetime
import re

import pytest
from browsers import DESK, PHONE, in_a_browser, page_of, playwright, sign_in

from facetwise.examples import example_record
from facetwise.records import write_json

pytestmark = in_a_browser


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_block_is_recorded_and_its_diary_kept_without_a_connection(language, browser, server, tmp_path):
    save, waiting, sent = {
        "en": ("Save", "waiting to send", "All sent"),
        "es": ("Guardar", "por enviar", "Todo enviado"),
    }[language]
    record = example_record("second-block-due", datetime.date.today())
    with page_of(browser, DESK) as desk, page_of(browser, PHONE) as phone:
        sign_in(desk, server, "demo-coordinator")
        add_patient(desk, record, f"J-{language}", tmp_path / "record.json")
        record_block(desk)
        address = send_diary(desk, language)

        phone.goto(address)
        phone.get_by_role("textbox").fill(str(record.patient.birth_year))
        phone.get_by_role("button").click()
        phone.wait_for_url(re.compile("/diary/$"))
        phone.wait_for_function("caches.open('diary-1').then((cache) => cache.keys()).then((keys) => keys.length > 2)")
        rate(phone, 2, save)
        playwright.expect(phone.locator("#sent")).to_contain_text(sent)

        phone.context.set_offline(True)
        rate(phone, 1, save)
        playwright.expect(phone.locator("#sent")).to_contain_text(f"1 {waiting}")
        phone.reload()
        playwright.expect(phone.locator("#sent")).to_contain_text(f"1 {waiting}")
        rate(phone, 1, save)
        playwright.expect(phone.locator("#sent")).to_contain_text(f"2 {waiting}")
        phone.context.set_offline(False)
        phone.reload()
        playwright.expect(phone.locator("#sent")).to_contain_text(sent)

        desk.reload()
        playwright.expect(desk.get_by_text("3 entries")).to_be_visible()
        assert desk.locator("#next").inner_text() == "Radiofrequency ablation"


def add_patient(desk, record, number, file) -> None:
    """A patient with a record from elsewhere."""
    file.write_bytes(write_json(record))
    desk.get_by_role("link", name="New patient").click()
    desk.get_by_label("Number in this clinic").fill(number)
    desk.get_by_label("Name", exact=True).fill("Jo Rivers")
    desk.get_by_label("Record from elsewhere").set_input_files(file)
    desk.get_by_role("button", name="Add").click()
    assert desk.locator("#next").inner_text() == "Confirming medial branch block"


def record_block(desk) -> None:
    """A second block, done just now."""
    desk.get_by_role("link", name="Record a procedure").click()
    desk.get_by_label("Purpose").select_option("diagnostic")
    desk.get_by_label("Anaesthetic").select_option("lidocaine")
    desk.get_by_label("Sedation").select_option("none")
    desk.get_by_label("Guidance").select_option("fluoroscopy")
    desk.get_by_label(re.compile("Pain just before")).fill("8")
    for level in ("L4-5", "L5-S1"):
        desk.get_by_role("group", name=level).get_by_label("left").check()
    desk.get_by_role("button", name="Record it").click()
    playwright.expect(desk.get_by_text("The procedure is in the record.")).to_be_visible()


def send_diary(desk, language) -> str:
    """The link to its diary; the anaesthetic was given a while ago."""
    desk.get_by_text("Send a link").click()
    now = datetime.datetime.now()
    given_at = max(now - datetime.timedelta(minutes=45), now.replace(hour=0, minute=0))
    desk.get_by_label("When the anaesthetic was given").fill(given_at.strftime("%Y-%m-%dT%H:%M"))
    desk.get_by_role("region", name="Pain diary").get_by_label("Language").select_option(language)
    desk.get_by_role("button", name="Make the link").click()
    address = desk.get_by_label("Or as text").input_value()
    desk.get_by_role("link", name="Done").click()
    return address


def rate(phone, score: int, save: str) -> None:
    phone.locator(f".numbers input[value='{score}']").check()
    phone.locator("input[name=provoked][value=true]").check()
    phone.get_by_role("button", name=save).click()
    playwright.expect(phone.locator("#told")).not_to_be_empty()


def test_screens_fit_a_phone_and_are_used_by_keyboard(browser, server):
    with page_of(browser, PHONE) as page:
        sign_in(page, server, "demo-clinician")
        page.get_by_role("link", name="Kofi Castle").click()
        patient = page.url
        for address in (f"{server.url}/worklist/", patient, f"{patient}procedures/new/", f"{server.url}/patients/new/"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
