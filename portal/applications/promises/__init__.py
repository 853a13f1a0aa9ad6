"""The day by which an advert promised that everyone hears, and what happens around it."""
