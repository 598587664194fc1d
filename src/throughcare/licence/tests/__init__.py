"""Tests of the licence room."""
