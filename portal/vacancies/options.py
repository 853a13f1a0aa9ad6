"""Every code of a vacancy with the words people see (domain: recruitment §8).

The codes are stored, exported and used in addresses, so they never change; the labels may.
"""

from __future__ import annotations

from portal.core.options import Option

# The role


class JobFamily(Option):
    """The three kinds of post; the landing page counts them."""

    SOCIAL_WORK = "social_work", "Social work"
    PSYCHOLOGY = "psychology", "Psychology"
    MANAGEMENT = "management", "Management"


class RoleLevel(Option):
    """How far on in a career the post is."""

    STUDENT = "student", "Student or apprentice"
    ASSISTANT = "assistant", "Assistant"
    NEWLY_QUALIFIED = "newly_qualified", "Newly qualified social worker (ASYE)"
    SOCIAL_WORKER = "social_worker", "Social worker"
    EXPERIENCED_SOCIAL_WORKER = "experienced_social_worker", "Experienced social worker"
    SENIOR_PRACTITIONER = "senior_practitioner", "Senior practitioner"
    ASSISTANT_TEAM_MANAGER = "assistant_team_manager", "Assistant team manager"
    TEAM_MANAGER = "team_manager", "Team manager"
    SERVICE_MANAGER = "service_manager", "Service manager"
    HEAD_OF_SERVICE = "head_of_service", "Head of service"
    DIRECTOR = "director", "Director"
    TRAINEE_PSYCHOLOGIST = "trainee_psychologist", "Trainee psychologist"
    ASSISTANT_PSYCHOLOGIST = "assistant_psychologist", "Assistant psychologist"
    PSYCHOLOGIST = "psychologist", "Psychologist"
    SENIOR_PSYCHOLOGIST = "senior_psychologist", "Senior psychologist"
    PRINCIPAL_PSYCHOLOGIST = "principal_psychologist", "Principal psychologist"


# Contract and hours


class ContractType(Option):
    """What kind of contract is offered."""

    PERMANENT = "permanent", "Permanent"
    FIXED_TERM = "fixed_term", "Fixed term"
    SECONDMENT = "secondment", "Secondment"
    CASUAL = "casual", "Casual or relief"
    APPRENTICESHIP = "apprenticeship", "Apprenticeship"


class ContractReason(Option):
    """Why a contract ends."""

    PARENTAL_LEAVE = "parental_leave", "Cover for parental leave"
    PROJECT = "project", "A project with an end"
    OTHER = "other", "Another reason"


class WorkingPattern(Option):
    """Which patterns the post may be worked in; a post may offer several."""

    FULL_TIME = "full_time", "Full time"
    PART_TIME = "part_time", "Part time"
    JOB_SHARE = "job_share", "Job share"
    TERM_TIME = "term_time", "Term time only"
    ANNUALISED = "annualised", "Annualised hours"


class Flexibility(Option):
    """Where and when the work may be done."""

    HYBRID = "hybrid", "Hybrid working"
    COMPRESSED = "compressed", "Compressed hours"
    FLEXITIME = "flexitime", "Flexitime"
    HOME_BASED = "home_based", "Home-based"
    OFFICE_BASED = "office_based", "Office-based"


# Pay


class PayScale(Option):
    """Whose scale the grade and the spinal column points belong to."""

    COUNCIL = "council", "Council grade"
    SOULBURY_A = "soulbury_a", "Soulbury scale A"
    SOULBURY_B = "soulbury_b", "Soulbury scale B"
    SOULBURY_TRAINEE = "soulbury_trainee", "Soulbury trainee and assistant scale"
    JNC_CHIEF_OFFICER = "jnc_chief_officer", "JNC chief officers"
    OTHER = "other", "Another scale"


class Offer(Option):
    """Relocation help and visa sponsorship: said either way, never left to be guessed."""

    YES = "yes", "Yes"
    NO = "no", "No"
    CONSIDERED = "considered", "Considered case by case"


class CarUser(Option):
    """What the post asks about travel."""

    NOT_NEEDED = "not_needed", "You do not need a car"
    CASUAL = "casual", "Casual car user"
    ESSENTIAL = "essential", "Essential car user"
    ANY_MEANS = "any_means", "You travel across the city, by any means"


# Checks and registration


class DbsLevel(Option):
    """The Disclosure and Barring Service check; the duties must make the post eligible for it."""

    NONE = "none", "No check"
    BASIC = "basic", "Basic"
    STANDARD = "standard", "Standard"
    ENHANCED = "enhanced", "Enhanced"
    ENHANCED_CHILDREN = "enhanced_children", "Enhanced, with the children’s barred list"
    ENHANCED_ADULTS = "enhanced_adults", "Enhanced, with the adults’ barred list"
    ENHANCED_BOTH = "enhanced_both", "Enhanced, with the children’s and adults’ barred lists"


class Registration(Option):
    """The professional register the post asks for."""

    NONE = "none", "No professional registration"
    SOCIAL_WORK_ENGLAND = "swe", "Social Work England"
    HCPC = "hcpc", "Health and Care Professions Council (practitioner psychologist)"
    EITHER = "either", "Social Work England or the Health and Care Professions Council"


class RegistrationBy(Option):
    """When the registration must be in place."""

    APPLICATION = "application", "when you apply"
    START = "start", "by the day you start"


class HcpcDomain(Option):
    """The seven domains of practitioner psychologists; each is a protected title."""

    CLINICAL = "clinical", "Clinical"
    COUNSELLING = "counselling", "Counselling"
    EDUCATIONAL = "educational", "Educational"
    FORENSIC = "forensic", "Forensic"
    HEALTH = "health", "Health"
    OCCUPATIONAL = "occupational", "Occupational"
    SPORT = "sport", "Sport and exercise"


class InterviewScheme(Option):
    """Schemes beside Disability Confident that offer an interview."""

    ARMED_FORCES = "armed_forces", "people who serve or have served in the armed forces"
    CARE_EXPERIENCED = "care_experienced", "people who have been in care"
    REDEPLOYMENT = "redeployment", "employees of the council who are at risk of redundancy"


# Criteria


class Importance(Option):
    """Whether a criterion decides or adds."""

    ESSENTIAL = "essential", "Essential"
    DESIRABLE = "desirable", "Desirable"


class AssessedBy(Option):
    """Where the panel looks for the evidence."""

    APPLICATION = "application", "application"
    INTERVIEW = "interview", "interview"
    TEST = "test", "test or task"
    CERTIFICATE = "certificate", "certificate"
    REFERENCE = "reference", "references"


class AnswerStyle(Option):
    """What applicants write beside their history."""

    CRITERIA = "criteria", "An answer to each essential criterion"
    STATEMENT = "statement", "One supporting statement"


# Documents


class DocumentType(Option):
    """What a document may be; what can be said on the page itself is better said there."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


# The life of an advert


class Status(Option):
    """Where an advert stands; derived from its dates and decisions, never stored."""

    DRAFT = "draft", "Draft"
    PENDING_APPROVAL = "pending_approval", "Waiting for approval"
    SCHEDULED = "scheduled", "Scheduled"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    FILLED = "filled", "Filled"
    PART_FILLED = "part_filled", "Part filled"
    NOT_FILLED = "not_filled", "Not filled"
    CANCELLED = "cancelled", "Cancelled"
    ARCHIVED = "archived", "Archived"


class Outcome(Option):
    """How the recruitment ended."""

    FILLED = "filled", "Filled"
    PART_FILLED = "part_filled", "Part filled"
    NOT_FILLED = "not_filled", "Not filled"


class DecisionKind(Option):
    """What somebody decided about an advert."""

    SUBMITTED = "submitted", "Sent for approval"
    APPROVED = "approved", "Approved"
    SENT_BACK = "sent_back", "Sent back"
    EXTENDED = "extended", "Extended"
    CLOSED_EARLY = "closed_early", "Closed early"
    CANCELLED = "cancelled", "Cancelled"
    OUTCOME = "outcome", "Outcome recorded"
    ARCHIVED = "archived", "Archived"


class ExtensionReason(Option):
    """Why a closing time was moved."""

    NO_APPLICATIONS = "no_applications", "No applications"
    NOT_FOUND = "not_found", "The right person was not found"
    OTHER = "other", "Another reason"


CLOSING_TIMES = (
    ("8am", "8am", 8, 0),
    ("9am", "9am", 9, 0),
    ("noon", "Midday", 12, 0),
    ("3pm", "3pm", 15, 0),
    ("end", "11:59pm", 23, 59),
)
"""Code, words, hour and minute (London). Times at which somebody is awake to help, and the end of the day."""


# The public list


class Asye(Option):
    """Whether the post suits a first year in practice."""

    YES = "yes", "Open to newly qualified (ASYE)"


class Sponsorship(Option):
    """Visa sponsorship as candidates look for it; the codes are those of `Offer`."""

    YES = "yes", "Sponsorship offered"
    CONSIDERED = "considered", "Sponsorship considered"


class Closing(Option):
    """How soon applying ends."""

    WEEK = "week", "Closes within a week"


class Sort(Option):
    """The orders of the list; the first only where there is a keyword, and then it is the default."""

    MATCH = "match", "Best match"
    NEWEST = "newest", "Newest first"
    CLOSING = "closing", "Closing soonest"
    SALARY = "salary", "Highest pay"


CODES: dict[str, type[Option]] = {
    "family": JobFamily,
    "role_level": RoleLevel,
    "contract_type": ContractType,
    "contract_reason": ContractReason,
    "pay_scale": PayScale,
    "relocation": Offer,
    "visa_sponsorship": Offer,
    "car_user": CarUser,
    "dbs_level": DbsLevel,
    "registration": Registration,
    "registration_by": RegistrationBy,
    "hcpc_domain": HcpcDomain,
    "answer_style": AnswerStyle,
}
"""Columns of an advert that hold a code → what it may be."""
