"""The pages on which an advert is written: their questions and rules."""
