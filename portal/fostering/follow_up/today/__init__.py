"""What is due and overdue today, by the clock that runs."""
