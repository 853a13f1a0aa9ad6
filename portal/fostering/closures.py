"""Why an enquiry was closed: codes that are counted and reported (domain §4.2)."""

from __future__ import annotations

from portal.core.options import Option


class Reason(Option):
    """The groups that the codes come in: what staff choose first."""

    ENQUIRER = "Q", "They decided against it"
    SERVICE = "S", "The service cannot go on with them", "They are told kindly, in writing, and why"
    OTHER = "X", "Another reason", "No answer, a duplicate, passed on, not an enquiry"
    WITHDREW = "AW", "They withdrew their application", "Ofsted’s reasons"
    ENDED = "W", "The service ended the application"


class Closure(Option):
    """Why an enquiry was closed. AW codes are Ofsted's, for applications (domain §§3.3, 4.2)."""

    AW1 = "AW1", "Fostering not as expected"
    AW2 = "AW2", "Assessment process not as expected"
    AW3 = "AW3", "Household circumstances changed (not financial)"
    AW4 = "AW4", "Unable to go on for financial reasons"
    AW5 = "AW5", "Concerned about the risk of allegations"
    AW0 = "AW0", "Other or unknown"
    WS = "WS", "Withdrawn by the service"
    S1N = "S1N", "Not suitable after Stage 1"
    ADN = "ADN", "Not approved by the decision maker"
    Q01 = "Q01", "Fostering is not what they expected"
    Q02 = "Q02", "Does not want the assessment process"
    Q03 = "Q03", "Household circumstances changed (not financial)"
    Q04 = "Q04", "Finances, or cannot reduce work"
    Q05 = "Q05", "Worried about allegations or the effect on their own children"
    Q06 = "Q06", "Partner or family not in agreement"
    Q07 = "Q07", "Chose another local authority"
    Q08 = "Q08", "Chose an independent fostering agency"
    Q09 = "Q09", "Not the right time and does not want to be contacted again"
    Q00 = "Q00", "Other or not given"
    S01 = "S01", "Under 21"
    S02 = "S02", "No spare bedroom"
    S03 = "S03", "Lives outside the area covered"
    S04 = "S04", "Right to live or work in the UK not settled"
    S05 = "S05", "Availability does not fit children’s needs"
    S06 = "S06", "Own children’s ages or household at present"
    S07 = "S07", "Accommodation not suitable or not secure"
    S08 = "S08", "Recent major life event, invited to enquire again"
    S09 = "S09", "Health, discussed with the enquirer"
    S10 = "S10", "Suitability concern, recorded in the case system"
    S11 = "S11", "Offer does not match current need"
    X01 = "X01", "No response after contact attempts"
    X02 = "X02", "Duplicate of another enquiry"
    X03 = "X03", "Not genuine, spam or a test"
    X04 = "X04", "Redirected: adoption"
    X05 = "X05", "Redirected: kinship or connected person"
    X06 = "X06", "Redirected: private fostering"
    X07 = "X07", "Redirected: supported lodgings or other volunteering"
    X08 = "X08", "Passed to the hub or another local authority"
    X09 = "X09", "Existing carer or general question, not an enquiry"
    X10 = "X10", "Erased at the person’s request"


AFTER_APPLICATION = (
    *(Closure.AW1, Closure.AW2, Closure.AW3, Closure.AW4, Closure.AW5, Closure.AW0),
    *(Closure.WS, Closure.S1N, Closure.ADN),
)
"""Reasons that only exist once somebody has applied; the law then asks for three years (Regulation 32)."""

BEFORE_APPLICATION = tuple(code for code in Closure if code not in AFTER_APPLICATION)

CLOSED_BY_SERVICE = tuple(code for code in BEFORE_APPLICATION if code[0] == "S")
"""Where the service ended it, the family is owed the reason in writing, whoever writes it and where."""

WITHOUT_WORDS = frozenset({Closure.S09, Closure.S10})
"""Health and suitability: what there is to say is in the case system and nowhere else."""


def reason_of(code: Closure) -> Reason:
    """The group that a code is chosen from."""
    if code in AFTER_APPLICATION:
        return Reason.WITHDREW if code.startswith("AW") else Reason.ENDED
    return Reason(code[0])
