"""Who may see: agencies, people who sign in, relationships, need to know, break glass, audit. The lowest room."""
