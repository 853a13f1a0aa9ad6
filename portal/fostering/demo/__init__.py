"""Demonstration data of this feature."""

from portal.fostering.demo.events import load_demo_events
from portal.fostering.demo.load import load_demo_enquiries

__all__ = ["load_demo_enquiries", "load_demo_events"]
