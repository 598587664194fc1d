"""What the sentence room promises."""
