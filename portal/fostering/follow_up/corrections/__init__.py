"""Putting right how a household is reached, and saying that a person sent the enquiry."""
