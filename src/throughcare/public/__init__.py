"""What anyone may read: listings, decisions, sign-up, feeds."""
