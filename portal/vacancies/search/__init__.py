"""The public list: from what was typed to a page of cards.

A request goes down these files: `filters` (the address), `words` and `synonyms` (the keyword), `queries`
(which statements are asked), `statements` and `matching` (how), `listing` (what the template draws). `index`
keeps what the keyword search needs in the database.
"""

from portal.vacancies.search import index

__all__ = ["index"]  # its events must be heard wherever an advert is written
