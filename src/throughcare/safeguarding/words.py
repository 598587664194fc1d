"""The codes of safeguarding in plain words, for pages and pictures. Pure."""

from __future__ import annotations

from collections.abc import Mapping

CATEGORY: Mapping[str, str] = {
    "NEG": "neglect",
    "PHY": "physical harm",
    "SAB": "sexual harm",
    "EMO": "emotional harm",
    "MUL": "more than one kind of harm",
}

TYPE: Mapping[str, tuple[str, str]] = {
    "bruise": ("bruise", "bruises"),
    "possible_bruise": ("possible bruise", "possible bruises"),
    "petechiae": ("patch of tiny spots", "patches of tiny spots"),
    "abrasion": ("graze", "grazes"),
    "laceration": ("cut", "cuts"),
    "bite": ("bite", "bites"),
    "burn": ("burn", "burns"),
    "scald": ("scald", "scalds"),
    "fracture": ("fracture", "fractures"),
    "head_injury": ("head injury", "head injuries"),
    "eye": ("eye injury", "eye injuries"),
    "oral": ("injury in the mouth", "injuries in the mouth"),
    "internal": ("internal injury", "internal injuries"),
    "other": ("other injury", "other injuries"),
    "none_confirmed_mimic": ("mark confirmed not to be an injury", "marks confirmed not to be injuries"),
    "unknown": ("mark", "marks"),
}
"""One and several."""

PATTERN: Mapping[str, str] = {
    "none": "No pattern",
    "hand": "Like a hand or fingers",
    "loop": "Like a loop or cord",
    "linear": "A straight line",
    "ligature": "Round a limb or the neck",
    "implement": "Like an object",
    "bite": "Like a bite",
    "clustered": "Several close together",
    "unknown": "I cannot say",
}

MOBILITY: Mapping[str, str] = {
    "not_rolling": "not yet roll",
    "rolling": "roll",
    "sitting": "sit",
    "crawling": "crawl",
    "bottom_shuffling": "shuffle",
    "cruising": "cruise",
    "walking": "walk",
    "not_mobile_disability": "not move alone, through disability",
    "unknown": "not known",
}
"""Completes "Can ..."."""

MECHANISM: Mapping[str, str] = {
    "none_offered": "no account offered",
    "fall_own_height": "fell over",
    "fall_from_furniture": "fell from furniture",
    "fall_from_arms": "fell from somebody’s arms",
    "fall_stairs": "fell on stairs",
    "knock_on_object": "knocked against something",
    "by_other_child": "done by another child",
    "by_animal": "done by an animal",
    "self_inflicted": "done by the child",
    "skin_condition": "a skin condition",
    "medical_cause": "a medical cause",
    "hot_liquid_or_object": "something hot",
    "rough_play": "rough play",
    "inflicted_by_adult": "done by an adult",
    "other": "another account",
    "unknown": "not known",
}

WEIGHT: Mapping[str, str] = {
    "concern": "It worries me",
    "strength": "It is a strength",
    "neutral": "Neither",
    "unknown": "I cannot say",
}

SAID_BY: Mapping[str, str] = {
    "self": "The child",
    "mother": "The mother",
    "father": "The father",
    "other_family": "Another relative",
    "neighbour": "A neighbour",
    "practitioner_saw": "A practitioner saw it",
    "document": "A document",
    "anonymous": "Somebody unnamed",
    "other": "Somebody else",
    "unknown": "Not known",
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "category": CATEGORY,
    "mechanism": MECHANISM,
    "pattern": PATTERN,
    "type": {code: one for code, (one, _) in TYPE.items()},
}
"""By field of an entry: its codes in words, for the page of the entry. A field that is left out shows its code."""
