"""Who it is about: agencies' records, matching, persons, and the review of doubtful links."""
