"""Real browsers at the clinic: a desk and a phone, which must have nothing to complain of."""

import re
import shutil
from contextlib import contextmanager

import pytest

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}

in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the PATH")


@contextmanager
def chromium():
    """A browser without windows."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def page_of(browser, size, **options):
    """A page with cookies of its own; it is an error if the page breaks, or is not what its own policy allows."""
    context = browser.new_context(viewport=size, **{"locale": "en-US"} | options)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert complaints == []
    context.close()


def sign_in(page, server, who):
    """Signed in, and at the first page of the role."""
    page.goto(f"{server.url}/accounts/login/")
    page.get_by_label("User name").fill(who)
    page.get_by_label("Password").fill(server.passwords[who])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("worklist|people"))


def is_it_you(page, server, who):
    """Give the password once more, as pages ask that protect an account."""
    page.get_by_label("Password").fill(server.passwords[who])
    page.get_by_role("button", name="Go on").click()


def find_patient(page, server, name):
    """The page of a patient, found by name."""
    page.goto(f"{server.url}/worklist/?when=all")
    page.get_by_label("Name or number").fill(name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(r"/patients/\d+/"))
