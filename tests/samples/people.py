"""A handful of referrals about people who do not exist."""

from __future__ import annotations

import secrets

ADULT = {
    "individual.forenames": "Testy Example",
    "individual.surname": "Okafor-Lind",
    "individual.date_of_birth": "14/02/1991",
    "individual.approximate_age": "35",
    "individual.gender": "Male",
    "individual.addresses": "12 Invented Street, Sampletown (current)\nFlat 3, 4 Made-up Road",
    "individual.nationality": "British",
    "individual.immigration_status": "Not applicable",
    "individual.primary_language": "English, fluent",
    "individual.contact_numbers": "07700 900123 / 020 7946 0018",
    "individual.email_addresses": "testy@example.org; t.okafor-lind@example.com",
    "individual.family_details": "Lives with two brothers.",
    "concerns.description": (
        "He has stopped coming to the club and talks of nothing else.\n\n"
        "On Tuesday he said: “They will listen to me then.”  I wrote it down at once, word for "
        "word, because it was so unlike him, and told our lead the same afternoon."
    ),
    "complex_needs.description": "Lost his job in the spring; money is short.",
    "other_information.details": "Plays in the Sunday league.",
    "first_identified_by.anonymous": "no",
    "first_identified_by.forename": "Rowan",
    "first_identified_by.surname": "Example",
    "first_identified_by.role_and_organisation": "Youth worker, Sampletown Club",
    "first_identified_by.relationship": "Mentor",
    "first_identified_by.contact_number": "020 7946 0101",
    "first_identified_by.email_address": "rowan@club.example.org",
    "referrer.forename": "Sam",
    "referrer.surname": "Sample",
    "referrer.role_and_organisation": "Manager, Sampletown Club",
    "referrer.relationship": "None",
    "referrer.contact_number": "+44 20 7946 0102",
    "referrer.email_address": "sam@club.example.org",
    "dates.concern_first_arose": "3rd March 2026",
    "dates.referral_made": "14/11/2026",
    "safeguarding.conditions": "yes",
    "safeguarding.conditions_details": "Dyslexia, diagnosed at school.",
    "safeguarding.lead_consulted": "yes",
    "safeguarding.lead_consulted_details": "She advised this referral.",
    "safeguarding.individual_informed": "no",
    "safeguarding.individual_informed_details": "",
    "safeguarding.direct_action": "no",
    "safeguarding.direct_action_details": "",
    "safeguarding.other_agencies": "yes",
    "safeguarding.other_agencies_details": "The housing officer knows.",
    "employment.current": "None since April",
    "employment.previous": "Warehouse, Example Goods Ltd",
    "education.current": "Sampletown College, evening class",
    "education.previous": "Invented High School",
}
"""Every box filled in that asks for something."""

CHILD = {
    "individual.forenames": "Robin",
    "individual.surname": "Tester",
    "individual.date_of_birth": "2014-05-30",
    "individual.gender": "Female",
    "individual.addresses": "1 Example Close, Sampletown",
    "individual.contact_numbers": "mum: 07700 900456, dad: 07700 900789",
    "individual.family_details": "Lives with mum, dad and a cat",
    "concerns.description": "Drew a picture in class that worried the teacher.",
    "first_identified_by.anonymous": "yes",
    "first_identified_by.forename": "Alex",
    "first_identified_by.surname": "Placeholder",
    "first_identified_by.role_and_organisation": "Teacher & form tutor, Invented Primary",
    "first_identified_by.contact_number": "020 7946 0333",
    "first_identified_by.email_address": "office@invented-primary.example.org",
    "dates.concern_first_arose": "Wednesday 4 November 2026",
    "dates.referral_made": "16.11.26",
    "safeguarding.conditions": "no",
    "safeguarding.lead_consulted": "yes",
    "safeguarding.lead_consulted_details": "Agreed to refer.",
    "education.current": "Invented Primary, year 7",
}
"""A child under thirteen; the referrer is the one who first identified the concerns."""

ANYWHERE = {
    "individual.forenames": "ليلى נועה",
    "individual.surname": "Wiśniewska-Łoś ẞ",
    "individual.date_of_birth": "about 1990?",
    "individual.addresses": "  „Haus 7“\t– leading & trailing  ",
    "concerns.description": "She wrote “I’m fine 🙂”.\n\n\tThen: (nothing) \\ 100 % ‘quiet’…\nEnd.",
    "first_identified_by.contact_number": "ask at the desk",
    "first_identified_by.email_address": "Zoë <zoe@example.net>",
    "dates.concern_first_arose": "02/2026",
    "dates.referral_made": "31/02/2026",
}
"""Text of every kind: right to left, emoji, quotes, backslashes, blanks at the ends."""

DOUBTFUL = {
    "individual.forenames": "Nobody",
    "individual.surname": "Inparticular",
    "individual.date_of_birth": "03/04/24",
    "concerns.description": "Not sure; somebody else should look.",
    "first_identified_by.anonymous": "conflict",
    "first_identified_by.forename": "Kim",
    "safeguarding.lead_consulted": "conflict",
    "dates.referral_made": "yesterday",
}
"""Both boxes ticked, an ambiguous date, and several answers missing that officers need."""


def somebody_else() -> dict[str, str]:
    """A child whom nobody has been told of yet."""
    return CHILD | {"individual.surname": f"Tester-{secrets.token_hex(4)}"}
