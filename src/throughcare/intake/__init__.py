"""How records come in: JSON API, CSV, census XML, the multi-agency data standard, bookings."""
