"""From a patient whose ablation is supported to the letter that was sent, in a real browser."""

import re
import shutil
import subprocess

import pytest
from browsers import DESK, PHONE, in_a_browser, page_of, playwright, sign_in

pytestmark = in_a_browser

SUPPORTED = "Milo Reed"
KEPT = """
fetch(document.querySelector('a[aria-label^="PDF of"]').href)
  .then((answer) => answer.arrayBuffer())
  .then((bytes) => Array.from(new Uint8Array(bytes)))
"""


def test_a_letter_is_looked_at_taken_along_and_kept_as_sent(server, browser, tmp_path):
    with page_of(browser, DESK) as desk:
        sign_in(desk, server, "demo-clinician")
        desk.get_by_role("link", name=SUPPORTED).click()
        assert desk.locator("#next").inner_text() == "Radiofrequency ablation"
        desk.get_by_role("link", name="Letters", exact=True).click()
        desk.get_by_role("link", name="Letter of medical necessity").click()
        playwright.expect(desk.get_by_label("Who signs")).to_have_value("Demo Clinician")
        letter = desk.frame_locator("iframe.preview")
        playwright.expect(letter.locator("mark").first).to_be_visible()

        desk.get_by_label("Payer's address").fill("Fax 555 0199")
        desk.get_by_label("Credentials").fill("MD")
        desk.get_by_label("Diagnosis").fill("M47.816")
        desk.get_by_role("button", name="Show it").click()
        playwright.expect(letter.get_by_text("Demo Clinician, MD")).to_be_visible()
        playwright.expect(letter.get_by_text("M47.816")).to_be_visible()
        letter.locator("a.ref").first.click()
        playwright.expect(letter.get_by_text("Demo Clinician, MD")).to_be_visible()

        with desk.expect_download() as downloading:
            desk.get_by_role("button", name="Download the PDF").click()
        taken = tmp_path / "letter.pdf"
        downloading.value.save_as(taken)
        assert taken.read_bytes().startswith(b"%PDF-")
        if shutil.which("pdftotext"):
            text = subprocess.run(["pdftotext", taken, "-"], capture_output=True, text=True, check=True).stdout
            assert SUPPORTED in text
            assert "Demo Clinician, MD" in text

        with desk.context.expect_page() as opening:
            desk.get_by_role("button", name="Open it to print").click()
        printed = opening.value
        printed.wait_for_load_state()
        assert printed.locator("h1").inner_text().startswith("Letter of medical necessity")
        assert printed.evaluate("getComputedStyle(document.querySelector('header')).borderLeftStyle") == "solid"
        printed.close()

        desk.get_by_label("To whom").fill("Medicare, medical review")
        desk.get_by_label("How", exact=True).select_option("fax")
        desk.get_by_role("button", name="Keep it as sent").click()
        playwright.expect(desk.get_by_role("alert")).to_contain_text("Tick that it goes out like this")
        playwright.expect(desk.get_by_label("To whom")).to_have_value("Medicare, medical review")
        desk.get_by_label("It goes out with").check()
        desk.get_by_role("button", name="Keep it as sent").click()
        playwright.expect(desk.get_by_text("Kept as sent")).to_be_visible()
        playwright.expect(desk.get_by_role("cell", name="Medicare, medical review")).to_be_visible()
        assert bytes(desk.evaluate(KEPT)) == taken.read_bytes()
        desk.get_by_role("link", name=re.compile("^Letter of medical necessity: ")).click()
        playwright.expect(desk.get_by_text("Demo Clinician, MD")).to_be_visible()


@pytest.mark.parametrize("kind", ["letter", "packet", "diary_report", "addendum", "summary"])
def test_every_kind_fits_a_phone(kind, server, browser):
    with page_of(browser, PHONE) as phone:
        sign_in(phone, server, "demo-coordinator")
        phone.get_by_role("link", name=SUPPORTED).click()
        phone.goto(f"{phone.url}letters/?kind={kind}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        frame = phone.frames[1]
        assert frame.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        labels = phone.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select')].filter((one) => !one.labels.length).length"
        )
        assert labels == 0
