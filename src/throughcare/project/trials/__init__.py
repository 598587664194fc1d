"""The trials of `bin/trust`: what is promised, tried hard on a scratch installation of its own."""
