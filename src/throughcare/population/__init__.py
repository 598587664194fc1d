"""Work on a whole population: batch linking, simulation of release dates."""
