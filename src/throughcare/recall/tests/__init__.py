"""Tests of recall: state, clocks, kinds of recall, pages and papers."""
