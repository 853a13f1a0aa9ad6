"""Figures about fostering enquiries: for the team, for a financial year, by month; and rows without names."""
