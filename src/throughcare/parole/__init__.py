"""Parole: review, dossier, panel, hearing, decision."""
