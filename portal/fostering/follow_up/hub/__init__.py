"""Handing a household over to the regional hub or another council, and taking one over from them."""
