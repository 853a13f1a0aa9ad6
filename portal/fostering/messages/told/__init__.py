"""Told another way: the day on which a family learnt why the service does not go on with it."""
