"""A post falls away: the same outcome for everybody whom nobody has decided about."""
