"""Which records are about one person: one door, `exact.match`."""
