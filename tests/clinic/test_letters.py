"""Letters: what can be made of whom, what stands in it, and that what was sent stays as it was sent."""

import datetime
import shutil
import subprocess

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from msgspec.structs import replace

from facetwise.clinic.actions.patients import add_patient, change_record
from facetwise.clinic.letters.checking import letter_faults
from facetwise.clinic.letters.models import LetterKind
from facetwise.clinic.letters.offers import offers
from facetwise.clinic.models import AccessEvent, SentLetter
from facetwise.examples import example_names, example_record

FILLED = {
    "payer_address": "Fax 555 0199",
    "member_number": "1EG4-TE5-MK73",
    "signed_by": "Dara Grove",
    "credentials": "MD",
    "diagnosis": "M47.816",
    "place": "office",
    "agents": ["bupivacaine"],
}


def page(clinic, name, *, of=None, **given):
    return reverse(name, args=[(of or clinic.patient).pk, *given.values()])


def filled(response, **changes):
    """What a browser would send back of the form that was shown."""
    form = response.context["form"]
    shown = {field.html_name: field.value() for field in form if field.value()}
    document = response.context["document"]
    return shown | {"shown": document.seen if document else "", "to": "Payer", "how": "fax", "confirmed": "1"} | changes


def shown(client, clinic, kind, *, of=None, **changes):
    """The page with a document of this kind; with changes as if it was filled in and shown again."""
    address = page(clinic, "letters", of=of)
    response = client.get(address, {"kind": kind})
    assert response.status_code == 200
    return client.post(address, filled(response, **changes)) if changes else response


def sent(client, clinic, kind, **changes):
    response = client.post(page(clinic, "send-letter"), filled(shown(client, clinic, kind), **changes))
    assert response.status_code == 302, response.content.decode()
    return SentLetter.objects.order_by("-id").first()


def pdf_text(data: bytes) -> str:
    assert data.startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext on the PATH")
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return told.stdout.decode()


@pytest.fixture
def patient_of(clinic, today):
    def add(example: str, name: str = "Ana Abril"):
        return add_patient(clinic.here, None, f"X-{example[:30]}", name, example_record(example, today), today)

    return add


@pytest.mark.parametrize("kind", LetterKind)
def test_each_kind_names_the_clinic_and_the_patient(kind, clinic, signed_in):
    clinic.here.address, clinic.here.telephone = "12 Quay Street\nSpringfield, OH 45501", "555 0100"
    clinic.here.save()
    response = shown(signed_in("clinician"), clinic, kind)
    text = response.context["document"].html
    for said in ("Here", "12 Quay Street", "Springfield, OH 45501", "Telephone 555 0100", "Kofi Castle", "H-1"):
        assert said in text
    assert "[to fill in: name and date of birth]" not in text
    if kind in (LetterKind.LETTER, LetterKind.PACKET, LetterKind.ADDENDUM):
        assert "Clinician, <mark>[to fill in: credentials and provider number]</mark>" in text
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "style=" not in text
    assert "sandbox" in response.content.decode()


@pytest.mark.parametrize("example", example_names())
def test_everything_that_is_offered_can_be_made_and_taken_along(example, clinic, signed_in, patient_of, today):
    patient, client = patient_of(example), signed_in("coordinator")
    offered = offers(patient.documented, today)
    assert {one.kind for one in offered} == set(LetterKind)
    listed = client.get(page(clinic, "letters", of=patient)).content.decode()
    for offer in offered:
        address = page(clinic, "letters", of=patient)
        if not offer.subjects:
            assert offer.why_not.split(".")[0].replace('"', "&quot;").split("'")[0] in listed
            assert client.get(address, {"kind": offer.kind}).context["document"] is None
        for subject, _ in offer.subjects:
            response = client.get(address, {"kind": offer.kind, "subject": subject})
            assert response.context["document"] is not None, response.context["form"].errors
            given = filled(response)
            assert client.post(page(clinic, "letter-pdf", of=patient), given).content.startswith(b"%PDF-")
            printed = client.post(page(clinic, "letter-print", of=patient), given)
            assert printed.content.decode() == response.context["document"].html


def test_the_letter_has_no_place_left_once_everything_is_given(clinic, signed_in, today):
    year = clinic.patient.birth_year
    response = shown(signed_in("clinician"), clinic, "letter", **(FILLED | {"birth_date": f"{year}-05-04"}))
    document = response.context["document"]
    assert document.page.open_places == 0
    assert "No place in it is left" in response.content.decode()
    for said in ("M47.816", "Fax 555 0199", "1EG4-TE5-MK73", f"{year}-05-04", "Dara Grove, MD"):
        assert said in document.html
    assert "Draft" not in document.html
    clinic.patient.refresh_from_db()
    assert clinic.patient.version == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"diagnosis": "backache"}, "diagnosis"),
        ({"birth_date": "1901-01-01"}, "The record says"),
        ({"subject": "procedures[7]"}, "Select a valid choice"),
        ({"payer": "nobody"}, "Select a valid choice"),
        ({"place": "the moon"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(changes, told, clinic, signed_in):
    client = signed_in("clinician")
    given = filled(shown(client, clinic, "letter"), **changes)
    for name in ("letters", "letter-pdf", "letter-print", "send-letter"):
        response = client.post(page(clinic, name), given)
        assert response.status_code == 422
        assert told in response.content.decode()
    assert not SentLetter.objects.exists()


def test_another_payer_s_policies_may_be_asked(clinic, signed_in):
    client = signed_in("clinician")
    response = shown(client, clinic, "letter", payer="aetna")
    assert "Aetna" in response.context["document"].html
    assert "Medicare Administrative Contractors" not in response.context["document"].html


def test_a_letter_for_a_procedure_that_was_done_looks_at_its_day(clinic, signed_in):
    (done,) = clinic.patient.documented.procedures
    response = shown(signed_in("clinician"), clinic, "letter", subject=done.id)
    document = response.context["document"]
    assert document.as_of == done.date
    assert f"Diagnostic medial branch block of {done.date}" not in document.html
    assert "This letter asks for a diagnostic medial branch block of left" in document.html


def test_a_red_flag_comes_before_any_letter(clinic, signed_in, patient_of):
    patient = patient_of("fever-after-infection")
    text = signed_in("clinician").get(page(clinic, "letters", of=patient)).content.decode()
    assert "A serious cause is documented" in text
    assert "?kind=letter" not in text
    assert "?kind=summary" in text


def test_who_has_nothing_proposed_is_told_what_is_in_the_way(clinic, signed_in, patient_of):
    patient = patient_of("sparse-referral")
    text = signed_in("clinician").get(page(clinic, "letters", of=patient)).content.decode()
    assert "which proposes no procedure to ask for. It waits for:" in text
    assert "No procedure is in the record. Record one first." in text
    assert "Send a diary link" in text


def test_names_are_text_and_never_markup(clinic, signed_in, patient_of):
    patient = patient_of("second-block-due", name="<script>alert(1)</script> #panic() </style>")
    for kind in LetterKind:
        response = shown(signed_in("clinician"), clinic, kind, of=patient)
        assert "<script" not in response.context["document"].html
        assert "<script" not in response.content.decode()
        text = pdf_text(response.context["document"].pdf.data)
        assert "alert(1)" in text


def test_what_was_sent_is_kept_and_opens_again_byte_for_byte(clinic, signed_in, today):
    client = signed_in("clinician")
    response = shown(client, clinic, "letter")
    before = response.context["document"]
    letter = sent(client, clinic, "letter", to="  Medicare   review ", how="portal")
    assert (letter.to, letter.how, letter.by, letter.version) == (
        "Medicare review",
        "portal",
        clinic.people["clinician"],
        1,
    )
    assert (letter.page, bytes(letter.pdf)) == (before.html, before.pdf.data)

    record = clinic.patient.documented
    change_record(
        clinic.patient,
        clinic.people["clinician"],
        1,
        lambda one: replace(one, complaint=replace(record.complaint, onset=today - datetime.timedelta(days=400))),
        "Onset",
        today,
    )
    clinic.here.name = "Renamed"
    clinic.here.save()
    assert shown(client, clinic, "letter").context["document"].html != before.html
    again = client.get(page(clinic, "sent-letter", letter=letter.pk))
    assert again.content.decode() == before.html
    assert "sha256-" in again["Content-Security-Policy"]
    assert client.get(page(clinic, "sent-letter-pdf", letter=letter.pk)).content == before.pdf.data
    assert list(letter_faults()) == []
    for address in (page(clinic, "letters"), page(clinic, "patient")):
        text = client.get(address).content.decode()
        assert page(clinic, "sent-letter", letter=letter.pk) in text
        assert "Medicare review" in text


def test_what_changed_since_it_was_looked_at_is_shown_again_and_not_kept(clinic, signed_in):
    client = signed_in("clinician")
    given = filled(shown(client, clinic, "letter"), credentials="MD")
    response = client.post(page(clinic, "send-letter"), given)
    assert response.status_code == 409
    assert "It is not what you looked at any more" in response.content.decode()
    assert not SentLetter.objects.exists()
    given["shown"] = response.context["document"].seen
    assert client.post(page(clinic, "send-letter"), given).status_code == 302


@pytest.mark.parametrize("changes", [{"to": " "}, {"how": "pigeon"}])
def test_where_it_went_must_be_said(changes, clinic, signed_in):
    client = signed_in("coordinator")
    response = client.post(page(clinic, "send-letter"), filled(shown(client, clinic, "summary"), **changes))
    assert response.status_code == 422
    assert "Nothing was kept." in response.content.decode()
    assert not SentLetter.objects.exists()


def test_nobody_of_another_clinic_opens_what_was_sent(clinic, signed_in):
    letter = sent(signed_in("clinician"), clinic, "summary")
    for name in ("sent-letter", "sent-letter-pdf"):
        address = page(clinic, name, letter=letter.pk)
        assert signed_in("stranger").get(address).status_code == 404
        assert signed_in("administrator").get(address).status_code == 403
        assert signed_in("coordinator").get(address).status_code == 200
        elsewhere = reverse(name, args=[clinic.other.pk, letter.pk])
        assert signed_in("stranger").get(elsewhere).status_code == 404


def test_a_summary_is_in_the_language_that_was_chosen(clinic, signed_in):
    letter = sent(signed_in("coordinator"), clinic, "summary")
    assert (letter.language, letter.open_places) == ("en", 0)
    response = shown(signed_in("coordinator"), clinic, "summary", language="es")
    assert '<html lang="es">' in response.context["document"].html
    assert "Lo que se ha hecho hasta ahora" in response.context["document"].html


def test_everything_leaves_its_trail_and_no_name_in_it(clinic, signed_in):
    client = signed_in("clinician")
    client.get(page(clinic, "letters"))
    given = filled(shown(client, clinic, "diary_report"))
    client.post(page(clinic, "letter-pdf"), given)
    client.post(page(clinic, "letter-print"), given)
    client.post(page(clinic, "send-letter"), given)
    client.get(page(clinic, "sent-letter", letter=SentLetter.objects.get().pk))
    noted = list(AccessEvent.objects.filter(by="clinician").order_by("id").values_list("what", "about"))
    whats = [what for what, _ in noted]
    assert whats == [
        "signed in",
        "letters read",
        "letter previewed",
        "letter made as pdf",
        "letter opened to print",
        "letter sent",
        "sent letter read",
    ]
    assert "Kofi" not in str(noted)
    assert all(about.split(" ")[:2] == ["patient", str(clinic.patient.pk)] for _, about in noted[1:])


TABLE = "clinic_sentletter"


@pytest.mark.parametrize("statement", [f"DELETE FROM {TABLE}", f"UPDATE {TABLE} SET title = 'x'"])
def test_what_was_sent_cannot_be_changed(statement, clinic, signed_in):
    sent(signed_in("clinician"), clinic, "summary")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"DELETE FROM {TABLE}", "was removed"),
        (f"UPDATE {TABLE} SET \"to\" = 'x'", "was changed"),
        (f"UPDATE {TABLE} SET page = 'x'", "was changed"),
    ],
)
def test_who_changes_it_all_the_same_is_found_out(statement, told, clinic, signed_in):
    letter = sent(signed_in("clinician"), clinic, "summary")
    with connection.cursor() as cursor:
        for what in ("update", "delete"):
            on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {TABLE}_no_{what}{on}")
        cursor.execute(statement)
    (fault,) = letter_faults()
    assert fault.startswith(f"Letter {letter.pk} {told}")


def test_a_double_click_keeps_one_letter(clinic, signed_in):
    browser = signed_in("clinician")
    response = shown(browser, clinic, LetterKind.SUMMARY)
    form = filled(response, form_key=response.context["form_key"])
    for _ in range(2):
        assert browser.post(page(clinic, "send-letter"), form)["Location"] == page(clinic, "letters")
    assert SentLetter.objects.count() == 1
    again = shown(browser, clinic, LetterKind.SUMMARY)
    browser.post(page(clinic, "send-letter"), filled(again, form_key=again.context["form_key"]))
    assert SentLetter.objects.count() == 2
