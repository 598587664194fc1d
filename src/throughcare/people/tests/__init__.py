"""Tests of this room, through its doors."""
