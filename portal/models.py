"""Every module with tables, so that migrations and tests see the whole schema."""

from portal.accounts import models as accounts
from portal.applications import models as applications
from portal.applications.admissions import models as admissions
from portal.applications.candidates import models as candidates
from portal.applications.equality import models as equality
from portal.applications.keeping import models as keeping
from portal.applications.promises import models as promises
from portal.core import audit, jobs, mail, page_cache, sessions, throttle
from portal.fostering import models as fostering
from portal.fostering.follow_up.first_call import models as first_calls
from portal.fostering.follow_up.owners import models as fostering_owners
from portal.fostering.follow_up.saved import models as fostering_saved
from portal.fostering.information_events import models as information_events
from portal.fostering.keeping import models as fostering_keeping
from portal.fostering.messages import models as messages
from portal.fostering.own import models as own
from portal.fostering.reporting import models as fostering_reporting
from portal.inspections import models as inspections
from portal.journeys import models as journeys
from portal.vacancies import models as vacancies
from portal.vacancies.alerts import models as alerts
from portal.vacancies.writing import models as writing

MODULES = (
    accounts,
    admissions,
    alerts,
    applications,
    audit,
    candidates,
    equality,
    first_calls,
    fostering,
    fostering_owners,
    fostering_reporting,
    information_events,
    fostering_keeping,
    fostering_saved,
    inspections,
    jobs,
    journeys,
    keeping,
    mail,
    messages,
    own,
    page_cache,
    promises,
    sessions,
    throttle,
    vacancies,
    writing,
)
