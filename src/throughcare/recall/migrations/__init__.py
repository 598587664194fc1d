"""Migrations of the recall room."""
