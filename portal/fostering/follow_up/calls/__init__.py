"""How a call went, recorded with one press from the queue."""
