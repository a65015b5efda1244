"""Every address of the clinic."""

from django.shortcuts import redirect
from django.urls import include, path, re_path

from facetwise.clinic.aid import views as aid
from facetwise.clinic.claims import views as claims
from facetwise.clinic.diary import paper
from facetwise.clinic.diary import views as diary
from facetwise.clinic.explaining import views as explaining
from facetwise.clinic.keeping import views as keeping
from facetwise.clinic.letters import views as letters
from facetwise.clinic.links import views as links
from facetwise.clinic.oversight import settings_views as clinic_settings
from facetwise.clinic.oversight import views as oversight
from facetwise.clinic.patients import views as patients
from facetwise.clinic.people import own_clinics
from facetwise.clinic.people import views as people
from facetwise.clinic.policies import views as policies
from facetwise.clinic.policies import writing as local_policies
from facetwise.clinic.procedures import views as procedures
from facetwise.clinic.records import views as records
from facetwise.clinic.sign_in import views as sign_in
from facetwise.clinic.trail import views as trail
from facetwise.clinic.worklist import views as worklist

handler500 = "facetwise.clinic.failing.failed"

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("accounts/signup/", lambda request: redirect("account_login"), name="account_signup"),
    path("accounts/password/reset/", sign_in.forgotten, name="account_reset_password"),
    re_path(rf"^accounts/({sign_in.OF_OTHER_SITES})", sign_in.not_here),
    path("accounts/", include("allauth.urls")),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/search/", worklist.search, name="search"),
    path("worklist/views/", worklist.save, name="save-view"),
    path("worklist/views/<int:pk>/forget/", worklist.forget, name="forget-view"),
    path("patients/new/", patients.new_patient, name="new-patient"),
    path("patients/claims/", claims.upload_claims, name="claims"),
    path("patients/<int:pk>/", patients.patient_page, name="patient"),
    path("patients/<int:pk>/answers/", patients.answer_question, name="answer-question"),
    path("patients/<int:pk>/step/", patients.answer_step, name="answer-step"),
    path("patients/<int:pk>/procedures/new/", procedures.new_procedure, name="new-procedure"),
    path("patients/<int:pk>/procedures/<int:place>/", procedures.correct_procedure, name="correct-procedure"),
    path("patients/<int:pk>/procedures/<int:place>/withdraw/", procedures.withdraw, name="withdraw-procedure"),
    path("patients/<int:pk>/record/", records.record_page, name="record"),
    path("patients/<int:pk>/record/<int:version>/", records.version_page, name="record-version"),
    path("patients/<int:pk>/record/<int:version>/restore/", records.restore, name="restore-record"),
    path("patients/<int:pk>/procedures/<slug:procedure>/apart/", procedures.sides_apart, name="sides-apart"),
    path("patients/<int:pk>/export/", keeping.export_patient, name="export-patient"),
    path("patients/<int:pk>/diary/", diary.send, name="send-diary"),
    path("patients/<int:pk>/letters/", letters.letters, name="letters"),
    path("patients/<int:pk>/letters/pdf/", letters.letter_pdf, name="letter-pdf"),
    path("patients/<int:pk>/letters/print/", letters.letter_print, name="letter-print"),
    path("patients/<int:pk>/letters/sent/", letters.send, name="send-letter"),
    path("patients/<int:pk>/letters/<int:letter>/", letters.sent_letter, name="sent-letter"),
    path("patients/<int:pk>/letters/<int:letter>/pdf/", letters.sent_letter_pdf, name="sent-letter-pdf"),
    path("patients/<int:pk>/diary/<slug:procedure>/paper/", paper.paper_diary, name="paper-diary"),
    path("patients/<int:pk>/aid/", aid.send, name="send-aid"),
    path("patients/<int:pk>/aid/<int:answers>/", aid.answered, name="aid-answers"),
    path("patients/<int:pk>/links/<int:link>/revoke/", links.revoke, name="revoke-link"),
    path("patients/<int:pk>/links/<int:link>/remind/", links.remind_patient, name="remind-patient"),
    path("patients/<int:pk>/<str:what>/<str:language>/", explaining.for_the_patient, name="for-the-patient"),
    path("d/<str:token>/", links.patient_link, name="patient-link"),
    path("d/<str:token>/again/", links.ask_again, name="ask-again"),
    path("aid/", aid.aid, name="aid"),
    path("understand/", explaining.understand, name="understand"),
    path("diary/", diary.diary, name="diary"),
    path("diary/state/", diary.state, name="diary-state"),
    path("diary/entries/", diary.entries, name="diary-entries"),
    path("diary/worker.js", diary.worker, name="diary-worker"),
    path("policies/", policies.policies, name="policies"),
    path("policies/compare/", policies.compare, name="compare-policies"),
    path("policies/new/", local_policies.new_policy, name="new-policy"),
    path("policies/<slug:name>/", policies.policy, name="policy"),
    path("policies/<slug:name>/change/", local_policies.change_policy, name="change-policy"),
    path("policies/<slug:name>/versions/", local_policies.versions, name="policy-versions"),
    path("policies/<slug:name>/restore/", local_policies.restore, name="restore-policy"),
    path("policies/<slug:name>/use/", local_policies.use, name="use-policy"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add-person"),
    path("people/ask/", people.ask, name="ask-person"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw_invitation, name="withdraw-invitation"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.role, name="change-role"),
    path("people/<int:pk>/remove/", people.remove, name="remove-person"),
    path("people/<int:pk>/password/", people.new_password, name="give-password"),
    path("people/<int:pk>/unlock/", people.let_in, name="unlock-person"),
    path("people/<int:pk>/second-factor/", people.drop_second_factor, name="drop-second-factor"),
    path("clinics/", own_clinics.own_clinics, name="own-clinics"),
    path("clinics/choose/", own_clinics.choose, name="choose-clinic"),
    path("clinics/invitations/<int:pk>/", own_clinics.answer, name="answer-invitation"),
    path("settings/", clinic_settings.settings_page, name="settings"),
    path("dashboard/", oversight.dashboard, name="dashboard"),
    path("dashboard/again/", oversight.work_out_again, name="dashboard-again"),
    path("trail/", trail.trail_page, name="trail"),
    path("trail/export/", trail.export, name="trail-export"),
    path("trail/check/", trail.check, name="trail-check"),
    path("healthy/", sign_in.healthy, name="healthy"),
]
