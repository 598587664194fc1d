"""Claims about the demonstration."""
