"""Learning: serious incident, rapid review, inquiry, recommendations."""
