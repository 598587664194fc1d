"""Commands of the intake room."""
