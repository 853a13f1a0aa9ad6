"""Moving a household on: one table of steps, a small page each, refusals that say why and what else."""
