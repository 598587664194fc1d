"""Migrations of the intake room."""
