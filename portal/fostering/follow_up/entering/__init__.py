"""Enquiries that reached the service by phone, at an event or through the hub, typed in by staff."""
