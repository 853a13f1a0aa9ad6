"""Many households at once to another member of the team, or to nobody."""
