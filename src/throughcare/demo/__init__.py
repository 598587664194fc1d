"""A synthetic population, and the demonstration lives."""
