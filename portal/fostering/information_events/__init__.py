"""Information events: announced by staff, booked by anybody, never by more people than fit.

`booking` takes and gives back places, `service` is what staff do with an event, `attending` says who came,
`telling` writes the mails, `jobs` reminds on the day before and forgets.
"""

from flask import Flask

from portal.fostering.information_events import backoffice, guests, jobs
from portal.fostering.information_events.public import blueprint, places


def init_app(app: Flask) -> None:
    """Register the public pages, the staff pages and the work for later."""
    for pages in (blueprint, places, backoffice.blueprint, guests.blueprint):
        app.register_blueprint(pages)
    jobs.init_app(app)
