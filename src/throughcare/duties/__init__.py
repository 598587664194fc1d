"""What must happen, by when, under which authority; what has crossed a line; working days."""
