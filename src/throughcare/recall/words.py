"""The codes of a recall in plain words. `WORDS` serves the page of an entry."""

from __future__ import annotations

from collections.abc import Mapping

from throughcare.recall.kinds_of_recall import WORDS as TYPE

GROUND: Mapping[str, str] = {
    "risk_cannot_be_managed": "The risk has grown and cannot be managed in the community",
    "contact_broken_down": "Contact has broken down",
    "like_index_offence": "Behaviour like that around the index offence",
    "sexual_or_violent_offence": "Behaviour that is, or will lead to, a sexual or violent offence",
    "leads_to_such_an_offence": "Behaviour that goes with, or is likely to lead to, such an offence",
    "out_of_touch": "Out of touch, and believed to be in one of these patterns",
}

ALTERNATIVE: Mapping[str, str] = {
    "warning": "A warning",
    "more_reporting": "More reporting",
    "extra_conditions": "Extra licence conditions",
    "referral": "Referral to a team or partner",
    "approved_premises": "Approved premises",
    "drug_test": "A drug test",
    "other": "Something else",
    "none": "None",
}

AGAINST: Mapping[str, str] = {
    "alternative": "There is another way to manage the risk",
    "warning_letter": "A warning letter instead",
    "wrong_licence": "The licence was not the right one",
    "error": "It was asked for in error",
    "legal_reason": "A legal reason",
    "deceased": "The person has died",
    "withdrawn": "The request was withdrawn",
    "other": "Another reason",
}

PAPER: Mapping[str, str] = {
    "first_dossier": "Recall dossier to the prison",
    "second_dossier": "Second dossier, to the Board",
    "part_b": "Part B: risk after the recall",
    "part_c": "Part C: later report",
}

RETURNED: Mapping[str, str] = {
    "arrested": "Arrested",
    "gave_themselves_up": "Gave themselves up",
    "already_in_custody": "Was in custody already",
    "unknown": "Not known",
}

VIEW: Mapping[str, str] = {
    "release": "For release",
    "no_release": "Against release",
    "no_view": "No view",
    "not_permitted": "No view: report writers were not to give one on that day",
}

YES_NO: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "I do not know"}

STATUS: Mapping[str, str] = {
    "none": "Not recalled",
    "agreed": "Recall agreed, not yet endorsed",
    "requested": "Recall asked for, not yet decided",
    "at_large": "Licence revoked, unlawfully at large",
    "returned": "Back in custody on recall",
    "ended": "The recall is over",
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "type": TYPE,
    "ground": GROUND,
    "reason": AGAINST,
    "paper": PAPER,
    "how": RETURNED,
    "view": VIEW,
}
