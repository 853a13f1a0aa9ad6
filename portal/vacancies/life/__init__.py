"""The life of an advert: approval, extension, closing, outcome, archive, with HR’s lists and exports."""
