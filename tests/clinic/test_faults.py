"""Nothing that was confirmed is lost: servers killed amid writing, the same twice at once, two at one record."""

import datetime
import json
import re
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from served import Served, Visitor, environment, served

from facetwise.records import read_record

MOST_MINUTES = 9
"""Demo blocks were given at least so long ago, at any time of day."""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    with served(tmp_path_factory.mktemp("served")) as clinic:
        staff = Visitor(clinic.url).sign_in("demo-coordinator", clinic.passwords["demo-coordinator"])
        clinic.patients = [pk for (pk,) in clinic.rows("SELECT id FROM clinic_patient ORDER BY id LIMIT 8")]
        clinic.diaries = [diary_of(clinic, staff, pk) for pk in clinic.patients[:3]]
        clinic.staff = staff
        yield clinic


def diary_of(clinic, staff, pk) -> SimpleNamespace:
    """A block done just now, and the phone that its diary is open on."""
    version = re.search(r"record version (\d+)", staff.get(f"/patients/{pk}/")[1])[1]
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    block = {"version": version, "kind": "medial_branch_block", "date": str(now.date()), "pain_before": "8",
             "left_levels": ["L4-5", "L5-S1"], "anaesthetic": "lidocaine"}  # fmt: skip
    status, page = staff.post(f"/patients/{pk}/procedures/new/", block)
    assert "The procedure is in the record" in page, page
    procedure = re.findall(r'<option value="(procedure-\w+)"', page)[0]
    given_at = max(now - datetime.timedelta(minutes=MOST_MINUTES), now.replace(hour=0, minute=0))
    form = {"procedure": procedure, "given_at": given_at.strftime("%Y-%m-%dT%H:%M"), "language": "en"}
    _, page = staff.post(f"/patients/{pk}/diary/", form)
    (birth_year,) = clinic.rows(f"SELECT birth_year FROM clinic_patient WHERE id = {pk}")[0]
    phone = Visitor(clinic.url)
    address = re.search(r"/d/[\w-]+/", page)[0]
    phone.get(address)
    status, page = phone.post(address, {"birth_year": str(birth_year)})
    assert status == 200, page
    opens = re.search(r'"diary": "(\w+)"', page)[1]
    return SimpleNamespace(patient=pk, procedure=procedure, phone=phone, opens=opens)


def message(diary, keys, score=3):
    now = datetime.datetime.now(datetime.UTC).isoformat()
    entries = [{"key": key, "at": now, "score": score, "provoked": True} for key in keys]
    return json.dumps({"diary": diary.opens, "now": now, "entries": entries}).encode()


def confirmed(diary, keys) -> list[str]:
    """The keys that the server confirmed; none where it was killed."""
    try:
        status, told = diary.phone.post("/diary/entries/", body=message(diary, keys))
    except OSError:
        return []
    except Exception as error:  # an answer that ends halfway confirms nothing
        assert "Incomplete" in type(error).__name__ or "BadStatusLine" in type(error).__name__
        return []
    return json.loads(told)["kept"] if status == 200 else []


def kept(clinic) -> Counter:
    return Counter(str(uuid.UUID(str(key))) for (key,) in clinic.rows("SELECT key FROM clinic_diaryentry"))


def assert_record_equals_entries(clinic) -> None:
    for diary in clinic.diaries:
        statement = (
            "SELECT minutes, score FROM clinic_diaryentry e JOIN clinic_patientlink l ON l.id = e.link_id "
            f"WHERE l.patient_id = {diary.patient} AND l.procedure = '{diary.procedure}' ORDER BY minutes, e.id"
        )
        entries = clinic.rows(statement)
        ((version,),) = clinic.rows(f"SELECT version FROM clinic_patient WHERE id = {diary.patient}")
        revisions = clinic.rows(
            f"SELECT version, record FROM clinic_revision WHERE patient_id = {diary.patient} ORDER BY version"
        )
        assert [number for number, _ in revisions] == list(range(1, int(version) + 1))
        record = read_record(str(revisions[-1][1]).encode())
        (procedure,) = [one for one in record.procedures if one.id == diary.procedure]
        found = procedure.diary.entries if procedure.diary else ()
        assert [(one.minutes, one.score) for one in found] == entries


@pytest.mark.parametrize("seconds", [0.4, 0.9, 1.6])
def test_a_server_killed_amid_writing_loses_nothing_that_it_confirmed(seconds, clinic):
    sent: dict[str, SimpleNamespace] = {}
    told: list[str] = []
    running = True

    def write(diary):
        while running:
            keys = [str(uuid.uuid4()) for _ in range(2)]
            sent.update(dict.fromkeys(keys, diary))
            told.extend(confirmed(diary, keys))

    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write, diary) for diary in clinic.diaries * 2]
        time.sleep(seconds)
        clinic.kill()
        running = False
    assert [one.exception() for one in writing] == [None] * len(writing)
    clinic.start()
    found = kept(clinic)
    assert told, "the server was killed before it confirmed anything"
    assert set(told) <= set(found)
    assert_record_equals_entries(clinic)
    for key, diary in sent.items():
        assert confirmed(diary, [key]) == [key]
    assert set(sent) <= set(kept(clinic))
    assert set(kept(clinic).values()) == {1}
    assert clinic.run("check").stdout.startswith("The audit trail is whole")
    assert_record_equals_entries(clinic)


def test_a_backup_made_amid_writing_holds_what_was_confirmed_before(clinic, tmp_path):
    told: list[str] = []
    running = True

    def write(diary):
        while running:
            told.extend(confirmed(diary, [str(uuid.uuid4())]))

    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write, diary) for diary in clinic.diaries]
        while len(told) < 5:
            time.sleep(0.05)
        before = list(told)
        clinic.run("backup", str(tmp_path / "backup.zip"))
        assert len(told) > len(before), "writing stopped while the backup was made"
        clinic.kill()
        running = False
    assert [one.exception() for one in writing] == [None] * len(writing)
    clinic.start()
    restored = Served(tmp_path / "restored", environment())
    restored.diaries = clinic.diaries
    restored.run("restore", str(tmp_path / "backup.zip"))
    assert set(before) <= set(kept(restored))
    assert restored.run("check").stdout.startswith("The audit trail is whole")
    assert_record_equals_entries(restored)
    restored.start()
    restored.kill()


def test_the_same_entry_twice_at_once_is_kept_once(clinic):
    diary = clinic.diaries[0]
    for _ in range(5):
        key = str(uuid.uuid4())
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda key: confirmed(diary, [key]), [key] * 4))
        assert answers == [[key]] * 4
        assert kept(clinic)[key] == 1
    assert_record_equals_entries(clinic)


def test_of_two_who_write_at_once_one_wins_and_the_other_is_told(clinic):
    pk = clinic.patients[5]
    people = [
        Visitor(clinic.url).sign_in(name, clinic.passwords[name]) for name in ("demo-coordinator", "demo-clinician")
    ]
    block = {"kind": "medial_branch_block", "left_levels": ["L3-4"]}
    for _ in range(3):
        pages = [person.get(f"/patients/{pk}/")[1] for person in people]
        versions = {re.search(r"record version (\d+)", page)[1] for page in pages}
        assert len(versions) == 1
        form = block | {"version": versions.pop(), "date": str(datetime.datetime.now(datetime.UTC).date())}
        with ThreadPoolExecutor() as pool:
            post = f"/patients/{pk}/procedures/new/"
            answers = list(pool.map(lambda person, post=post, form=form: person.post(post, form), people))
        assert sorted(status for status, _ in answers) == [200, 409]
        assert "Somebody else changed this record" in next(page for status, page in answers if status == 409)


def test_many_who_answer_different_patients_lose_nothing(clinic):
    name = "demo-clinician"
    people = [Visitor(clinic.url).sign_in(name, clinic.passwords[name]) for _ in clinic.patients]
    count = "SELECT count(*) FROM clinic_answer"
    before = int(str(clinic.rows(count)[0][0]))

    def answer(person, pk):
        for number in range(3):
            page = person.get(f"/patients/{pk}/")[1]
            shown = dict(re.findall(r'name="(version|step)" value="([^"]*)"', page))
            form = {**shown, "verdict": "declined", "reason": f"{pk}-{number}"}
            status, page = person.post(f"/patients/{pk}/step/", form)
            assert (status, f"{pk}-{number}" in page) == (200, True)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(answer, people, clinic.patients))
    assert int(str(clinic.rows(count)[0][0])) == before + 3 * len(people)
    reasons = Counter(reason for (reason,) in clinic.rows("SELECT reason FROM clinic_answer WHERE reason <> ''"))
    assert all(reasons[f"{pk}-{number}"] == 1 for pk in clinic.patients for number in range(3))
    assert clinic.run("check").stdout.startswith("The audit trail is whole")
