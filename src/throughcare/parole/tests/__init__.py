"""Tests of the parole room."""
