"""Every address of the clinic."""

from django.shortcuts import redirect
from django.urls import include, path

from facetwise.clinic.claims import views as claims
from facetwise.clinic.diary import views as diary
from facetwise.clinic.explaining import views as explaining
from facetwise.clinic.keeping import views as keeping
from facetwise.clinic.patients import views as patients
from facetwise.clinic.procedures import views as procedures
from facetwise.clinic.sign_in import views as sign_in
from facetwise.clinic.trail import views as trail
from facetwise.clinic.worklist import views as worklist

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("accounts/signup/", lambda request: redirect("account_login"), name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("worklist/", worklist.worklist, name="worklist"),
    path("patients/new/", patients.new_patient, name="new-patient"),
    path("patients/claims/", claims.upload_claims, name="claims"),
    path("patients/<int:pk>/", patients.patient_page, name="patient"),
    path("patients/<int:pk>/answers/", patients.answer_question, name="answer-question"),
    path("patients/<int:pk>/step/", patients.answer_step, name="answer-step"),
    path("patients/<int:pk>/procedures/new/", procedures.new_procedure, name="new-procedure"),
    path("patients/<int:pk>/export/", keeping.export_patient, name="export-patient"),
    path("patients/<int:pk>/diary/", diary.send, name="send-diary"),
    path("patients/<int:pk>/diary/<int:link>/revoke/", diary.revoke, name="revoke-diary"),
    path("patients/<int:pk>/<str:what>/<str:language>/", explaining.for_the_patient, name="for-the-patient"),
    path("d/<str:token>/", diary.diary_link, name="diary-link"),
    path("diary/", diary.diary, name="diary"),
    path("diary/state/", diary.state, name="diary-state"),
    path("diary/entries/", diary.entries, name="diary-entries"),
    path("diary/worker.js", diary.worker, name="diary-worker"),
    path("trail/", trail.trail_page, name="trail"),
    path("healthy/", sign_in.healthy, name="healthy"),
]
