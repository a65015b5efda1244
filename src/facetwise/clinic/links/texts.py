"""What links say to patients, in each language: the page that opens one, and a reminder."""

import datetime
from typing import NamedTuple

from django.utils import timezone

from facetwise.clinic.links.models import PatientLink, Purpose

TEXTS = {
    "en": {
        "title_diary": "Pain diary",
        "title_decision_aid": "What matters to me",
        "understand": "Understand your procedure",
        "open": "Open",
        "birth_year": "The year in which you were born",
        "wrong": "That does not open it. Check the year. "
        "After five tries the link is shut, and the clinic sends a new one.",
        "gone_title": "Link of the clinic",
        "gone": "This link opens nothing any more. Please ask the clinic for a new one.",
        "other": "Another link was opened on this device since. Nothing was sent. Please open your link again.",
        "too_many": "Too many links that open nothing were tried from this connection. Please wait a quarter of an "
        "hour, then open your link again, or call the clinic.",
        "expired": "The time of this link is over. The clinic can send you a new one.",
        "ask": "Ask for a new link",
        "asked": "The clinic sees that you want a new link. You do not need to ask again.",
        "not_asked": "That is not the year we have. Check it, or call the clinic.",
        "call": "In an emergency call your emergency number. Nobody watches this page at all hours.",
        "send_answers": "Send my answers to the clinic",
        "answers_sent": "Your answers of {at} are with the clinic. "
        "You can change them and send them again until {until}.",
        "answers_not_sent": "Nothing was sent: your own question can have {most} characters at most.",
        "subject": "A reminder from your clinic",
        "reminder": "A reminder from your clinic: please open this link and answer. {address}\n"
        "It takes the place of the link from before and works until {until}.",
    },
    "es": {
        "title_diary": "Diario de dolor",
        "title_decision_aid": "Lo que me importa",
        "understand": "Conozca su procedimiento",
        "open": "Abrir",
        "birth_year": "El año en que usted nació",
        "wrong": "Con eso no se abre. Revise el año. "
        "Después de cinco intentos el enlace se cierra y la clínica envía otro.",
        "gone_title": "Enlace de la clínica",
        "gone": "Este enlace ya no abre nada. Por favor, pida uno nuevo a la clínica.",
        "other": "Después se abrió otro enlace en este aparato. No se envió nada. Por favor, abra otra vez su enlace.",
        "too_many": "Desde esta conexión se probaron demasiados enlaces que no abren nada. Espere un cuarto de hora y "
        "abra otra vez su enlace, o llame a la clínica.",
        "expired": "El tiempo de este enlace terminó. La clínica puede enviarle uno nuevo.",
        "ask": "Pedir un enlace nuevo",
        "asked": "La clínica ve que usted quiere un enlace nuevo. No hace falta pedirlo otra vez.",
        "not_asked": "Ese no es el año que tenemos. Revíselo o llame a la clínica.",
        "call": "En una emergencia llame a su número de emergencias. Nadie vigila esta página a toda hora.",
        "send_answers": "Enviar mis respuestas a la clínica",
        "answers_sent": "La clínica tiene sus respuestas del {at}. "
        "Puede cambiarlas y enviarlas otra vez hasta el {until}.",
        "answers_not_sent": "No se envió nada: su propia pregunta puede tener {most} caracteres como máximo.",
        "subject": "Un recordatorio de su clínica",
        "reminder": "Un recordatorio de su clínica: por favor, abra este enlace y responda. {address}\n"
        "Reemplaza el enlace anterior y funciona hasta el {until}.",
    },
}


class Reminder(NamedTuple):
    """A message to a patient: nothing of the patient stands in it, nor what the link is about."""

    subject: str
    text: str


def texts_of(link: PatientLink) -> dict[str, str]:
    """The texts in the link's language, with its title."""
    said = TEXTS[link.language]
    return {**said, "title": said[f"title_{Purpose(link.purpose)}"]}


def reminder_of(link: PatientLink, address: str) -> Reminder:
    """The reminder of a link, in its language."""
    said = TEXTS[link.language]
    return Reminder(said["subject"], said["reminder"].format(address=address, until=moment(link.expires_at)))


def moment(at: datetime.datetime) -> str:
    """A moment as every language reads it: 2026-11-24, 15:30."""
    return f"{timezone.localtime(at):%Y-%m-%d, %H:%M}"
