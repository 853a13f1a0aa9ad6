"""What HR records for a candidate who told us otherwise than on their own page."""
