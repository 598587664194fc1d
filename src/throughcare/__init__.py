"""Throughcare: a public-protection case system for England and Wales."""
