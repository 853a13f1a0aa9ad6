"""Writing an advert: the journey, what is kept half-written, templates, copies, and every version since."""
