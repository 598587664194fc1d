"""Release on licence: conditions, disclosures, breaches."""
