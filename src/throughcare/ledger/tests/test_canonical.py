"""The quick way to canonical bytes and the kept library give the same."""

from __future__ import annotations

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger import canonical

words = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda one: st.lists(one) | st.dictionaries(words, one),
    max_leaves=20,
)


@given(plain)
def test_the_quick_way_gives_the_bytes_of_the_kept_library(value: object) -> None:
    assert canonical.canonical(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_is_left_to_the_kept_library(value: float) -> None:
    assert canonical.canonical([value]) == rfc8785.dumps([value])
