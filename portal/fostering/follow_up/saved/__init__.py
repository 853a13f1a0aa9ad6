"""Filters of the queue that somebody keeps under a name."""
