"""Every address of the clinic."""

from django.shortcuts import redirect
from django.urls import include, path

from facetwise.clinic.diary import views as diary
from facetwise.clinic.explaining import views as explaining
from facetwise.clinic.patients import views as patients
from facetwise.clinic.policies import views as policies
from facetwise.clinic.policies import writing as local_policies
from facetwise.clinic.procedures import views as procedures
from facetwise.clinic.sign_in import views as sign_in
from facetwise.clinic.trail import views as trail
from facetwise.clinic.worklist import views as worklist

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("accounts/signup/", lambda request: redirect("account_login"), name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/search/", worklist.search, name="search"),
    path("worklist/views/", worklist.save, name="save-view"),
    path("worklist/views/<int:pk>/forget/", worklist.forget, name="forget-view"),
    path("patients/new/", patients.new_patient, name="new-patient"),
    path("patients/<int:pk>/", patients.patient_page, name="patient"),
    path("patients/<int:pk>/answers/", patients.answer_question, name="answer-question"),
    path("patients/<int:pk>/step/", patients.answer_step, name="answer-step"),
    path("patients/<int:pk>/procedures/new/", procedures.new_procedure, name="new-procedure"),
    path("patients/<int:pk>/diary/", diary.send, name="send-diary"),
    path("patients/<int:pk>/diary/<int:link>/revoke/", diary.revoke, name="revoke-diary"),
    path("patients/<int:pk>/<str:what>/<str:language>/", explaining.for_the_patient, name="for-the-patient"),
    path("d/<str:token>/", diary.diary_link, name="diary-link"),
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
    path("trail/", trail.trail_page, name="trail"),
    path("healthy/", sign_in.healthy, name="healthy"),
]
