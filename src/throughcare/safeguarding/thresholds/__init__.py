"""Practice thresholds about children: plain conditions over recorded facts, each with the question that it puts.

One module for each theme; `rules.py` gathers them. Each `_tNN` is asked about one entry and returns every place that
the entry takes part in, under a key that stays the same. It reads `docs/reference/life-format.md`, section 7, word for
word. Three answers: matched, not matched (nothing is returned) and cannot tell. What depends on time passing is asked
at the end of a day (`_tNN_at`).
"""
