"""Recall: decision, return to custody, re-release reviews."""
