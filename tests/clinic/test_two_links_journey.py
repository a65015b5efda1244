"""Two patients' diaries in one real browser: what one saves never reaches the other, and nothing that waits is lost."""

import datetime
import re
from types import SimpleNamespace

import pytest
from browsers import DESK, PHONE, in_a_browser, page_of, playwright, sign_in
from test_journey import add_patient, rate, record_block, send_diary

from facetwise.examples import example_record

pytestmark = in_a_browser

KEPT = """async () => (await done((await store("readonly")).getAll())).length"""
SAVE_MANY = """async (many) => {
  const at = new Date().toISOString();
  for (let number = 0; number < many; number += 1) {
    const key = crypto.randomUUID();
    const score = number === 70 ? 11 : 1;
    const sent = { key, at, side: "", score, provoked: true, asleep: false, rescue_analgesic: false };
    await keep({ ...sent, medicine: false, replaces: null, made: at, state: "waiting", sent });
  }
  await send();
}"""


@pytest.fixture
def desk(browser, server):
    with page_of(browser, DESK) as page:
        sign_in(page, server, "demo-coordinator")
        yield page


@pytest.fixture
def patient(desk, server, tmp_path):
    """A patient with a block done just now, and the link to its diary."""
    record = example_record("second-block-due", datetime.date.today())

    def made(number) -> SimpleNamespace:
        desk.goto(f"{server.url}/worklist/")
        add_patient(desk, record, number, tmp_path / "record.json")
        record_block(desk)
        page = desk.url

        def scores() -> list[int]:
            found = "SELECT score FROM clinic_diaryentry e JOIN clinic_patientlink l ON l.id = e.link_id"
            pk = re.search(r"/patients/(\d+)/", page)[1]
            return [score for (score,) in server.rows(f"{found} WHERE l.patient_id = {pk} ORDER BY e.id")]

        def send() -> str:
            desk.goto(page)
            return send_diary(desk, "en")

        return SimpleNamespace(page=page, scores=scores, send=send, birth_year=record.patient.birth_year)

    return made


def open_diary(page, address, patient) -> None:
    page.goto(address)
    page.get_by_role("textbox").fill(str(patient.birth_year))
    page.get_by_role("button").click()
    page.wait_for_url(re.compile("/diary/$"))


def test_two_diaries_in_one_browser_never_mix(browser, server, desk, patient):
    kofi, lena = patient("T-1"), patient("T-2")
    addresses = kofi.send(), lena.send()
    with page_of(browser, PHONE) as first:
        second = first.context.new_page()
        sent = {page: page.locator("#sent") for page in (first, second)}
        open_diary(first, addresses[0], kofi)
        first.route("**/diary/entries/", lambda route: route.abort())
        rate(first, 2, "Save")
        playwright.expect(sent[first]).to_contain_text("1 waiting")

        open_diary(second, addresses[1], lena)
        rate(second, 5, "Save")
        playwright.expect(sent[second]).to_contain_text("All sent")
        first.unroute("**/diary/entries/")
        rate(first, 3, "Save")
        playwright.expect(first.locator("#told")).to_contain_text("Open the link from the clinic again")
        playwright.expect(sent[first]).to_contain_text("2 waiting")
        assert (kofi.scores(), lena.scores()) == ([], [5])
        second.reload()
        playwright.expect(sent[second]).to_contain_text("All sent")
        playwright.expect(second.locator("#times")).to_contain_text("✓ 5")
        assert second.locator("#times").inner_text().count("✓") == 1

        open_diary(first, addresses[0], kofi)
        playwright.expect(sent[first]).to_contain_text("All sent")
        assert (kofi.scores(), lena.scores()) == ([2, 3], [5])


def test_what_waits_under_a_link_that_was_replaced_arrives_by_the_next(browser, server, desk, patient):
    kofi = patient("T-3")
    with page_of(browser, PHONE) as phone:
        open_diary(phone, kofi.send(), kofi)
        phone.route("**/diary/entries/", lambda route: route.abort())
        rate(phone, 4, "Save")
        address = kofi.send()
        phone.unroute("**/diary/entries/")
        open_diary(phone, address, kofi)
        playwright.expect(phone.locator("#sent")).to_contain_text("All sent")
        assert kofi.scores() == [4]


def test_many_that_wait_are_sent_in_parts_and_one_that_cannot_be_stops_none(browser, server, desk, patient):
    kofi = patient("T-4")
    with page_of(browser, PHONE) as phone:
        open_diary(phone, kofi.send(), kofi)
        phone.evaluate(SAVE_MANY, 130)
        playwright.expect(phone.locator("#sent")).to_contain_text("All sent", timeout=60_000)
        assert kofi.scores() == [1] * 129
        states = phone.evaluate("async () => (await entries()).map((entry) => entry.state)")
        assert (states.count("sent"), states.count("refused")) == (129, 1)


def test_a_diary_that_is_over_leaves_nothing_on_the_phone_once_all_is_sent(browser, server, desk, patient):
    kofi = patient("T-5")
    with page_of(browser, PHONE) as phone:
        open_diary(phone, kofi.send(), kofi)
        rate(phone, 1, "Save")
        playwright.expect(phone.locator("#sent")).to_contain_text("All sent")
        phone.route("**/diary/entries/", lambda route: route.abort())
        rate(phone, 6, "Save")
        assert phone.evaluate(KEPT) == 2
        desk.goto(kofi.page)
        desk.get_by_role("button", name="Take the link back").click()
        phone.goto(f"{server.url}/diary/")
        assert "opens nothing any more" in phone.locator("main").inner_text()
        phone.wait_for_timeout(500)
        assert phone.evaluate(KEPT) == 2

        phone.unroute("**/diary/entries/")
        open_diary(phone, kofi.send(), kofi)
        playwright.expect(phone.locator("#sent")).to_contain_text("All sent")
        desk.goto(kofi.page)
        desk.get_by_role("button", name="Take the link back").click()
        phone.goto(f"{server.url}/diary/")
        phone.wait_for_function(f"({KEPT})().then((many) => many === 0)")
        phone.wait_for_function("caches.keys().then((names) => names.length === 0)")
