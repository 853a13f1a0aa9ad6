"""What the audit keeps about information events: nobody’s name, nobody’s address."""

from portal.core.audit import EventType

EVENT_CREATED = EventType("fostering.event_created", ("starts_at", "capacity"))
EVENT_CHANGED = EventType("fostering.event_changed", ("fields", "told"))
EVENT_CANCELLED = EventType("fostering.event_cancelled", ("told",))
EVENT_READ = EventType("fostering.event_read")
"""The list of who has booked was shown."""
PLACES_BOOKED = EventType("fostering.event_places_booked", ("booking", "people", "enquiry"))
PLACES_GIVEN_UP = EventType("fostering.event_places_given_up", ("booking", "people", "how"))
REMINDERS_WRITTEN = EventType("fostering.event_reminders_written", ("mails",))
ATTENDANCE_RECORDED = EventType("fostering.event_attendance_recorded", ("came", "stayed_away"))
BOOKING_LINKED = EventType("fostering.event_booking_linked", ("booking", "enquiry", "new"))
BOOKINGS_DELETED = EventType("fostering.event_bookings_deleted", ("bookings",))
