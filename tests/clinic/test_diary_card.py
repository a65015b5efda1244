"""The judged diary on the page of a patient: the drawing, the reason, the entries with their marks, as the CSP allows."""

import base64
import datetime
import hashlib
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from facetwise.clinic.actions.diaries import take_entries
from facetwise.clinic.diary.wire import SentEntry


@pytest.fixture
def kept(block, client):
    """A diary that runs since two hours, with entries that came late and in time."""
    import uuid

    from facetwise.clinic.models import PatientLink

    block.send()
    start = timezone.now() - datetime.timedelta(hours=2)
    PatientLink.objects.update(given_at=start)
    link = PatientLink.objects.select_related("patient__clinic").get()
    block.keep = lambda minutes, score, **said: take_entries(
        link,
        [SentEntry(key=uuid.uuid4(), at=start + datetime.timedelta(minutes=minutes), score=score, **said)],
        timezone.now(),
    )
    return block


def card_of(block, signed_in):
    response = signed_in("clinician").get(reverse("patient", args=[block.patient.pk]))
    text = response.content.decode()
    return response, text[text.index('id="diaries"') : text.index("Send a link")]


def test_the_judgement_its_reason_and_every_entry_are_told(kept, signed_in):
    kept.keep(30, 2, provoked=True)
    kept.keep(115, 1, provoked=True, rescue_analgesic=False)
    kept.keep(119, 7, rescue_analgesic=True)
    _, card = card_of(kept, signed_in)
    assert "Peak relief 88% by scores" in card
    assert '<svg class="diary"' in card
    assert "80% relief" in card
    assert 'class="window"' in card
    assert "How it was judged" in card
    rows = re.findall(r"<tr>(.*?)</tr>", card, re.S)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    entries = [one for one in told if re.match(r"\d:\d\d h", one)]
    assert [re.sub(r" \( ?[\d:]+ ?\)", "", one) for one in entries[:3]] == [
        "0:30 h 2 what usually hurts late",
        "1:55 h 1 what usually hurts from the phone",
        "1:59 h 7 took medicine from the phone",
    ]


def test_a_diary_that_cannot_be_judged_says_why(kept, signed_in):
    kept.keep(60, None, asleep=True)
    _, card = card_of(kept, signed_in)
    assert "The response cannot be judged" in card
    assert "slept" in card


def test_a_link_without_entries_says_so(kept, signed_in):
    _, card = card_of(kept, signed_in)
    assert "No entries yet" in card
    assert "Not opened yet" in card
    assert "No reminder sent" in card


def test_drawings_have_names_of_their_own_and_styles_that_are_accepted(kept, signed_in):
    kept.keep(60, 2, provoked=True)
    response, card = card_of(kept, signed_in)
    text = response.content.decode()
    names = re.findall(r' id="([^"]+)"', text)
    assert len(names) == len(set(names))
    assert "style=" not in text
    policy = response["Content-Security-Policy"]
    styles = re.findall(r"<style>(.*?)</style>", card, re.S)
    assert len(styles) == 2  # the block of the example has a diary, too
    for style in styles:
        assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy


def test_a_page_with_many_diaries_asks_the_database_no_more(kept, signed_in, django_assert_max_num_queries):
    for minutes in range(10, 100, 5):
        kept.keep(minutes, 3, provoked=True)
    browser = signed_in("clinician")
    with django_assert_max_num_queries(30):
        browser.get(reverse("patient", args=[kept.patient.pk]))
