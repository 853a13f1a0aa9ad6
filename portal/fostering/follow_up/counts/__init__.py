"""The figures above the queue."""
