"""What is looked for in each segment on its own, as Presidio recognisers."""
