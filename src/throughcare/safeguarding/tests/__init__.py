"""Tests of safeguarding: state, timescales and thresholds."""
