"""Interviews that were announced: moved to another time or place, or called off."""
