"""The codes of a licence in plain words, for pages and forms."""

from __future__ import annotations

from collections.abc import Mapping

FORM: Mapping[str, str] = {
    "standard": "Standard licence",
    "emergency": "Emergency licence",
    "variation": "Licence after a variation",
}
VERSION: Mapping[str, str] = {
    "1.0": "Version 1.0",
    "2.0": "Version 2.0",
    "2.1": "Version 2.1",
    "3.0": "Version 3.0",
    "4.0": "Version 4.0",
    "board_directed": "As the Parole Board directed",
    "unknown": "Not known",
}
RELEASE: Mapping[str, str] = {
    "first": "First release",
    "re_release": "Release after a recall",
    "home_detention_curfew": "Home detention curfew",
    "temporary": "Release for a time",
}
PURPOSE: Mapping[str, str] = {
    "first": "First after release",
    "supervision": "Supervision",
    "after_travel": "Report after travel",
    "premises": "At approved premises",
    "other": "Something else",
}
TOPIC: Mapping[str, str] = {
    "relationship": "A relationship",
    "relationship_with_child_household": "A home with children",
    "online_contact": "Contact online",
    "contact_details": "Telephone, e-mail or another contact",
    "name": "A name",
    "address": "An address",
    "work": "Work",
    "vehicle": "A vehicle",
    "money": "Money",
    "travel": "Travel",
    "passport": "A passport",
    "other": "Something else",
}
CHANNEL: Mapping[str, str] = {
    "in_person": "In person",
    "home_visit": "On a home visit",
    "telephone": "By telephone",
    "message": "By message",
    "letter": "By letter",
    "through_somebody": "Through somebody else",
    "other": "Another way",
    "unknown": "Not known",
}
CHANGE: Mapping[str, str] = {
    "began": "It began",
    "changed": "It changed",
    "ended": "It ended",
    "unknown": "Not known",
}
DECISION: Mapping[str, str] = {
    "no_action": "No action",
    "warning": "Warning",
    "variation": "Vary the licence",
    "recall": "Ask for recall",
}
STEP: Mapping[str, str] = {
    "requested": "Requested",
    "assessed": "Assessed",
    "offered": "Place offered",
    "refused": "Refused",
}
URGENCY: Mapping[str, str] = {
    "standard": "Standard",
    "short_notice": "Short notice",
    "emergency": "Emergency",
}
END_REASON: Mapping[str, str] = {
    "expired": "It ran to its end",
    "terminated": "It was brought to an end",
    "quashed": "The sentence was quashed",
    "deceased": "The person has died",
    "other": "Another reason",
}
YES_NO: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "Not known"}
RISK: Mapping[str, str] = {
    "low": "low",
    "medium": "medium",
    "high": "high",
    "very_high": "very high",
    "unknown": "not known",
}
STAGE: Mapping[str, str] = {"alleged": "Alleged", "explained": "Explained, not decided", "decided": "Decided"}
PLAN: Mapping[str, str] = {
    "plan_key_information": "Key information and current situation",
    "plan_considerations": "Further considerations",
    "plan_supervision": "Supervision",
    "plan_monitoring": "Monitoring and control",
    "plan_interventions": "Interventions and treatment",
    "plan_victim_safety": "Victim safety",
    "plan_contingency": "Contingency",
}
"""The headings of the management plan (brief, section 13), by the field that holds each."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "form": FORM,
    "policy_version": VERSION,
    "release": RELEASE,
    "purpose": PURPOSE,
    "topic": TOPIC,
    "channel": CHANNEL,
    "change": CHANGE,
    "decision": DECISION,
    "step": STEP,
    "urgency": URGENCY,
}
"""By field of a body, what its codes mean: for the page of an entry."""
