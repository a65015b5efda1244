"""What the diary says to the patient, in each language."""

from django.utils.formats import date_format
from django.utils.translation import override

from facetwise.records import Procedure
from facetwise.spine import Side, region_of

TEXTS = {
    "en": {
        "title": "Pain diary",
        "how": "Rate the pain that was treated, and only that, while you do what usually brings it on. "
        "Do not count the soreness of the needle.",
        "now": "How is the pain now?",
        "none": "no pain",
        "worst": "worst pain",
        "left": "Left side",
        "right": "Right side",
        "doing": "What were you doing?",
        "provoked": "What usually hurts",
        "resting": "Resting",
        "medicine": "I took pain medicine",
        "asleep": "I was asleep; I only note that",
        "save": "Save",
        "saved": "Saved: {what} at {time}",
        "score": "{score} of 10",
        "slept": "asleep",
        "choose": "Choose a number first.",
        "choose_left": "Choose a number for the left side first.",
        "choose_right": "Choose a number for the right side first.",
        "ask_doing": "You did not say what you were doing. Say it, or save again to leave it open.",
        "correct": "Correct it",
        "take_back": "Take it back",
        "correcting": "Correct {what} at {time}, then save.",
        "keep": "Leave it as it was",
        "taken_back": "Taken back: {what} at {time}",
        "too_late": "That is too long ago to correct here. Please tell the clinic.",
        "of": "Treated on {day}: {part}",
        "lumbar": "lower back",
        "thoracic": "upper back",
        "cervical": "neck",
        "only_left": "left side",
        "only_right": "right side",
        "both": "both sides",
        "and": " and ",
        "times": "When to rate",
        "due": "now",
        "missed": "missed",
        "waiting": "waiting to send",
        "all_sent": "All sent to the clinic",
        "offline": "No connection. Your entries stay on this phone and are sent later.",
        "refused": "not taken: its time does not fit",
        "call": "In an emergency call your emergency number. Nobody watches this diary at all hours.",
        "again": "Open the link from the clinic again.",
    },
    "es": {
        "title": "Diario de dolor",
        "how": "Califique solo el dolor que se trató, mientras hace lo que suele provocarlo. "
        "No cuente la molestia de la aguja.",
        "now": "¿Cómo está el dolor ahora?",
        "none": "sin dolor",
        "worst": "el peor dolor",
        "left": "Lado izquierdo",
        "right": "Lado derecho",
        "doing": "¿Qué estaba haciendo?",
        "provoked": "Lo que suele doler",
        "resting": "Descansando",
        "medicine": "Tomé medicina para el dolor",
        "asleep": "Estaba dormido o dormida; solo anoto eso",
        "save": "Guardar",
        "saved": "Guardado: {what}, hora {time}",
        "score": "{score} de 10",
        "slept": "durmiendo",
        "choose": "Primero elija un número.",
        "choose_left": "Primero elija un número para el lado izquierdo.",
        "choose_right": "Primero elija un número para el lado derecho.",
        "ask_doing": "No dijo qué estaba haciendo. Dígalo, o guarde otra vez para dejarlo sin respuesta.",
        "correct": "Corregir",
        "take_back": "Retirar",
        "correcting": "Corrija {what}, hora {time}, y guarde.",
        "keep": "Dejarlo como estaba",
        "taken_back": "Retirado: {what}, hora {time}",
        "too_late": "Pasó demasiado tiempo para corregirlo aquí. Por favor, avise a la clínica.",
        "of": "Tratamiento del {day}: {part}",
        "lumbar": "parte baja de la espalda",
        "thoracic": "parte alta de la espalda",
        "cervical": "cuello",
        "only_left": "lado izquierdo",
        "only_right": "lado derecho",
        "both": "ambos lados",
        "and": " y ",
        "times": "Cuándo calificar",
        "due": "ahora",
        "missed": "sin anotar",
        "waiting": "por enviar",
        "all_sent": "Todo enviado a la clínica",
        "offline": "No hay conexión. Sus anotaciones quedan en este teléfono y se envían después.",
        "refused": "no se aceptó: la hora no corresponde",
        "call": "En una emergencia llame a su número de emergencias. Nadie vigila este diario a toda hora.",
        "again": "Abra otra vez el enlace de la clínica.",
    },
}


def which_treatment(procedure: Procedure, language: str) -> str:
    """The day and the part of the body in plain words, and nothing else that would tell a stranger anything."""
    said = TEXTS[language]
    with override(language):
        day = date_format(procedure.date, "j M Y")
    day = day.lower() if language == "es" else day  # Django writes Spanish months with a capital
    sites = list(procedure.sites or ())
    if not sites:
        return said["of"].format(day=day, part="").rstrip(": ")
    parts = said["and"].join(dict.fromkeys(said[region_of(one.level)] for one in sites))
    sides = {one.side for one in sites}
    if Side.UNKNOWN not in sides:
        parts += f", {said['both'] if len(sides) > 1 else said[f'only_{sides.pop()}']}"
    return said["of"].format(day=day, part=parts)
