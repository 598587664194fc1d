"""The conditions of a licence as a form: chosen from the catalogue, then what each says for this person; and the plan.

A field for each input of the conditions chosen, checked by its kind; a value that does not fit is said by its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from throughcare.licence import catalogue, forms
from throughcare.licence import words as said
from throughcare.web.asking import Answers, choices
from throughcare.web.parts import Field
from throughcare.web.shell import Choice


def condition_fields(version: str, chosen: Sequence[str], *, leave_out: Iterable[str] = ()) -> tuple[Field, ...]:
    """The conditions of a policy version to choose from, by category."""
    held, out = catalogue.catalogue(), set(leave_out)
    made = []
    for number, (category, title) in enumerate(held.categories.items()):
        ones = [
            one
            for one in held.of_version(version)
            if one.category == category and one.key not in out and one.regime == "licence"
        ]
        if ones:
            options = tuple(
                Choice(value=one.key, label=one.title, chosen=one.key in chosen, hint=_hint(one, version))
                for one in ones
            )
            made.append(Field(name=f"c{number}", label=title, kind="checkboxes", choices=options))
    return tuple(made)


def _hint(one: catalogue.Listed, version: str) -> str:
    parts = [one.meaning(version), f"Except: {one.exception}" if one.exception else "", one.approval]
    return ". ".join(f"{part[0].upper()}{part[1:]}" for part in parts if part)


def read_conditions(answers: Answers, fields: Sequence[Field]) -> list[str]:
    """The keys that were chosen, in the order of the page."""
    return [key for one in fields for key in answers.chosen(one.name, [choice.value for choice in one.choices])]


def input_fields(keys: Sequence[str], given: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[Field, ...]:
    """A field for each input of the conditions chosen."""
    held = catalogue.catalogue().conditions
    return tuple(
        _input_field(held[key], one, given.get(key, {}).get(one.name, ()))
        for key in keys
        if key in held
        for one in held[key].inputs
    )


def _name(condition: catalogue.Listed, one: catalogue.Input) -> str:
    return f"{condition.key}-{one.name}"


def _input_field(condition: catalogue.Listed, one: catalogue.Input, values: Sequence[str]) -> Field:
    name, label = _name(condition, one), f"{condition.title}: {one.words.lower()}"
    options = {code: catalogue.choice_words(code) for code in one.choices}
    asked = ""
    if one.asked_if:
        wanted = " or ".join(catalogue.choice_words(code).lower() for code in one.asked_if[1])
        asked = f"Only where you chose {wanted}"
    optional = "You may leave this empty" if one.optional else ""
    if one.kind == "choice_one":
        return Field(name=name, label=label, kind="radios", choices=choices(options, tuple(values)), hint=asked)
    if one.kind == "choice_many":
        return Field(name=name, label=label, kind="checkboxes", choices=choices(options, tuple(values)), hint=asked)
    hints = {"time": "For example, 19:00", "date": "For example, 2027-03-31", "map_file": "The name of the map"}
    hint = ". ".join(
        part for part in (asked, optional, hints.get(one.kind, ""), "One on each line" if one.many else "") if part
    )
    if one.many or one.kind == "address":
        return Field(name=name, label=label, kind="textarea", rows=2, value="\n".join(values), hint=hint)
    width = 5 if one.kind == "time" else 10 if one.kind == "date" else 0
    return Field(name=name, label=label, value=" ".join(values), hint=hint, width=width)


def read_inputs(answers: Answers, keys: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """What the inputs of the conditions chosen say, each checked by its kind."""
    held = catalogue.catalogue().conditions
    read: dict[str, dict[str, list[str]]] = {}
    for key in keys:
        condition = held.get(key)
        if condition is None or not condition.inputs:
            continue
        values = {one.name: _values(answers, condition, one) for one in condition.inputs}
        read[key] = {name: given for name, given in values.items() if given}
        for wrong in catalogue.mistakes(condition, read[key]):
            name = wrong.field.removeprefix(f"{key}.")
            answers.wrong[f"{key}-{name}"] = (
                f"{catalogue.choice_words(name)} {wrong.wrong}. {wrong.right} ({condition.title})"
            )
    return read


def _values(answers: Answers, condition: catalogue.Listed, one: catalogue.Input) -> list[str]:
    name = _name(condition, one)
    if one.kind == "choice_one":
        chosen = answers.choice(name, one.choices)
        return [chosen] if chosen else []
    if one.kind == "choice_many":
        return list(answers.chosen(name, one.choices))
    text = answers.text(name)
    if one.many:
        return [line.strip() for line in text.split("\n") if line.strip()]
    return [" ".join(text.split())] if text else []


def plan_fields() -> tuple[Field, ...]:
    """The headings of the management plan."""
    return tuple(forms.area(field, heading, rows=2) for field, heading in said.PLAN.items())


def read_plan(answers: Answers) -> dict[str, str]:
    """What was written under the headings."""
    return {field: answers.text(field, most=9_000) for field in said.PLAN}
