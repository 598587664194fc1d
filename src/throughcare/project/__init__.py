"""How the rooms are put together: settings, addresses, the database, the command line."""
