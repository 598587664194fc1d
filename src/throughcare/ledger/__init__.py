"""What was recorded: entries, corrections, sharing, as known on; sealing and verification."""
