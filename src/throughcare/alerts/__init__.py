"""Who is told: topics, subscribers, outbox, delivery."""
