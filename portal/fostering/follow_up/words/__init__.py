"""The operational export with free text: why families ask, and staff’s notes, for who may have them."""
