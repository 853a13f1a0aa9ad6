"""Saying whether two enquiries are one household’s, side by side, and taking it back."""
