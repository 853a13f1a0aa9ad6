"""Demonstration data of this feature."""

from portal.fostering.demo.load import load_demo_enquiries
from portal.fostering.demo.meetings import load_demo_events

__all__ = ["load_demo_enquiries", "load_demo_events"]
