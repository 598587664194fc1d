"""The codes of this room in plain words, for pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from throughcare.web.words import listed, many

TYPE: Mapping[str, str] = {
    "life": "life sentence",
    "ipp": "imprisonment for public protection",
    "dpp": "detention for public protection",
    "hmp_detention": "detention at His Majesty’s pleasure",
    "extended": "extended sentence",
    "sopc": "sentence for an offender of particular concern",
    "determinate_old": "fixed sentence under the law before 2005",
    "standard": "standard fixed sentence",
    "youth_standard": "fixed sentence of a young person (section 250)",
    "terrorist": "sentence for a terrorist offence",
}
FORM: Mapping[str, str] = {
    "default_term": "term in default of a fine",
    "detention_and_training": "detention and training order",
    "supervision_breach": "committal for breach of supervision",
}
STATUS: Mapping[str, str] = {
    "serving": "Serving",
    "on_licence": "On licence",
    "recalled": "Recalled",
    "ended": "Ended",
}
KEY_DATE: Mapping[str, str] = {
    "tariff_expiry": "Tariff expiry",
    "PED": "Parole eligibility (PED)",
    "CRD": "Conditional release (CRD)",
    "ARD": "Automatic release (ARD)",
    "NPD": "Non-parole release (NPD)",
    "HDCED": "Home detention curfew eligibility (HDCED)",
    "LED": "Licence expiry (LED)",
    "SED": "Sentence expiry (SED)",
    "SLED": "Sentence and licence expiry (SLED)",
    "PRRD": "Release after recall (PRRD)",
    "APD": "Approved parole (APD)",
    "TUSED": "End of supervision after a short sentence (TUSED)",
    "target_hearing": "Target month of the hearing",
}
INCIDENT: Mapping[str, str] = {
    "threat_received": "Was threatened",
    "abuse_received": "Was abused or intimidated",
    "assault_on": "Was assaulted",
    "assault_by": "Assaulted somebody",
    "threat_by": "Threatened somebody",
    "self_harm": "Harmed themselves",
    "disorder": "Disorder",
    "find": "Something was found",
    "contact_breach": "Contact that was not allowed",
    "other": "Something else",
}
PART: Mapping[str, str] = {
    "victim": "It was done to them",
    "assailant": "They did it",
    "suspected": "They are thought to have done it",
    "present": "They were there",
    "unknown": "I do not know",
}
CONTENT: Mapping[str, str] = {
    "ordinary": "Ordinary",
    "restricted": "Restricted: the words or the source could harm somebody",
}
PROGRAMME: Mapping[str, str] = {
    "referred": "Referred",
    "suitable": "Found suitable",
    "not_suitable": "Found not suitable",
    "on_hold": "On hold",
    "on_programme": "Started",
    "completed": "Completed",
    "deselected": "Taken off it",
    "withdrawn": "Withdrew",
}
END: Mapping[str, str] = {
    "expired": "It ran out",
    "terminated": "It was brought to an end",
    "quashed": "It was quashed",
    "deceased": "The person died",
    "other": "Another reason",
}
YES_NO: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "I do not know"}
SAID: Mapping[str, str] = {"yes": "yes", "no": "no", "unknown": "not known"}
RESPONSIBLE: Mapping[str, str] = {"prison": "The prison", "community": "Probation in the community"}

_UNITS = (("years", "year"), ("months", "month"), ("weeks", "week"), ("days", "day"))


def what(body: Mapping[str, Any]) -> str:
    """What sort of sentence it is."""
    return FORM.get(str(body.get("form") or "")) or TYPE.get(str(body.get("type")), "sentence")


def length(body: Mapping[str, Any], prefix: str = "") -> str:
    """ "3 years and 2 months", of the fields that begin with `prefix`; empty where they say none."""
    parts = [(int(body.get(f"{prefix}{field}") or 0), one) for field, one in _UNITS]
    return listed([many(amount, one) for amount, one in parts if amount])


def passed(body: Mapping[str, Any]) -> str:
    """The sentence in a few words: "Extended sentence of 3 years, and 1 year more on licence"."""
    said = what(body)
    if body.get("whole_life") == "yes":
        return f"{said}, whole life"
    if lasts := length(body):
        said += f" of {lasts}"
    if minimum := length(body, "minimum_"):
        said += f", minimum {minimum}"
    if extension := length(body, "extension_"):
        said += f", and {extension} more on licence"
    return said
