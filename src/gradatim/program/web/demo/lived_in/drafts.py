"""What the demo's proposals say: short forms as people of a college fill them in."""

from __future__ import annotations

from typing import Any

WOUND_CARE: dict[str, Any] = {
    "title": "Wound care at home",
    "description": "Cleans, dresses and documents common wounds in a patient's home.",
    "purpose": "For nursing assistants who move from the ward to home care.",
    "need": "Lakeside Health opens 22 places in home care in 2027 (letter of 2 September 2026).",
    "outcomes": [
        "Assess a wound and name what has to be reported",
        "Change three kinds of dressing without contamination",
        "Document the state of a wound so that a colleague can go on",
    ],
    "criteria": "Three dressings on the training arm and one complete report; every step of the checklist is met.",
    "assessment": "Observed by a registered nurse with a checklist.",
    "workload_hours": 30,
    "participation": "onsite",
    "image_label": "Wound care",
}
DOCK_SAFETY: dict[str, Any] = {
    "title": "Forklift and dock safety",
    "description": "Moves goods on a loading dock without harm to people or loads.",
    "purpose": "For new staff of warehouses along the river.",
    "need": "Harbor Logistics counted 31 near misses in 2025 and asks every new hire to train first.",
    "outcomes": [
        "Inspect a forklift before the shift",
        "Move and stack a load inside the marked lanes",
        "Stop work and report when the dock is not safe",
    ],
    "criteria": "An inspection, a drive over the course and the answer to two staged hazards.",
    "assessment": "Observed drive with a score sheet; two hazards are staged.",
    "workload_hours": 24,
    "participation": "workplace",
    "image_label": "Dock safety",
}
BILINGUAL: dict[str, Any] = {
    "title": "Bilingual customer service",
    "description": "Serves customers in English and Spanish, on the phone and at the counter.",
    "purpose": "For students who speak both languages and have no paper that says so.",
    "need": "Of 140 postings for customer service in the county, 58 asked for both languages (state job bank, July 2026).",
    "recognition": "The county clerk and Lakeside Health pay a language supplement for it.",
    "outcomes": [
        "Answer a request in the language the customer chose",
        "Switch between languages without losing the customer's meaning",
        "Calm a complaint and agree on a next step",
    ],
    "criteria": "Four calls and one talk at the counter; both languages have to be at level B2.",
    "assessment": "Recorded role plays, marked by one assessor of each language.",
    "workload_hours": 36,
    "participation": "blended",
    "image_label": "Two languages",
}
TUTOR: dict[str, Any] = {
    "title": "Peer tutor",
    "description": "Gave a term of her or his time to help other students learn.",
    "purpose": "To thank the students who tutor, and to show it to others.",
    "need": "The learning center asked for it: 40 tutors a year (report of June 2026).",
    "outcomes": ["Tutored for at least one term"],
    "criteria": "Twenty hours of tutoring, noted by the learning center.",
    "image_label": "Peer tutor",
}
SPREADSHEETS: dict[str, Any] = {
    "title": "Spreadsheet models for small firms",
    "description": "Builds a cash plan that somebody else can read and change.",
    "purpose": "For owners and bookkeepers of small firms.",
    "need": "People ask for it.",
    "outcomes": [
        "Build a cash plan for twelve months",
        "Test what happens when one number changes",
        "Explain the plan to somebody who lends money",
    ],
    "criteria": "A cash plan of the learner's own firm.",
    "assessment": "The plan is marked with a rubric.",
    "workload_hours": 25,
    "participation": "online",
    "image_label": "Cash plan",
}
FIRST_AID: dict[str, Any] = {
    "title": "First aid at work",
    "description": "Gives first aid until help comes and knows what the firm has to keep ready.",
    "purpose": "For those whom a firm names as its first aiders.",
    "need": "Six firms of the industrial park asked for a course near them (survey of May 2026).",
    "outcomes": [
        "Assess an emergency and call for help",
        "Give first aid for bleeding, burns and loss of consciousness",
        "Check a first aid kit and a plan for emergencies",
    ],
    "criteria": "Three staged emergencies and one inspection of a workplace.",
    "assessment": "Observed by a certified instructor.",
    "workload_hours": 16,
    "participation": "onsite",
    "validity_months": 24,
    "image_label": "First aid",
}
AI_OFFICE: dict[str, Any] = {
    "title": "Writing with AI at the office",
    "description": "Drafts and checks everyday texts with a language model.",
    "purpose": "For office staff of all trades.",
    "need": "Three firms asked for something about AI in August 2026.",
    "outcomes": [
        "Draft a letter with a model and check every fact in it",
        "Name what must not be typed into a model",
        "Compare two drafts and give reasons for the better one",
    ],
    "criteria": "Two letters with the notes of what was checked.",
    "assessment": "The notes are marked with a rubric.",
    "workload_hours": 12,
    "participation": "online",
    "image_label": "AI at work",
}
DRONES: dict[str, Any] = {
    "title": "Drone pictures for roof surveys",
    "description": "Takes pictures of a roof with a small drone and hands them over in order.",
    "purpose": "For roofers and for those who plan solar installations.",
    "need": "Two of four installers would pay for it (letters of May 2026).",
    "outcomes": [
        "Plan a flight that is allowed where it takes place",
        "Photograph a roof so that every defect can be seen",
        "Describe three defects in a report",
    ],
    "criteria": "One flight over the training roof, with plan and report.",
    "assessment": "Observed by a licensed pilot.",
    "workload_hours": 28,
    "participation": "onsite",
    "image_label": "Roof survey",
}
TRADING: dict[str, Any] = {
    "title": "Day trading essentials",
    "description": "Buys and sells securities within a day.",
    "purpose": "For everyone who wants to earn money from home.",
    "need": "It is often searched for on the web.",
    "outcomes": [
        "Open an account with a broker",
        "Place three kinds of order",
        "Calculate gain and loss of a day",
    ],
    "criteria": "Ten trades with play money.",
    "assessment": "The gain at the end of the week.",
    "workload_hours": 10,
    "participation": "online",
    "image_label": "Trading",
}
CODING: dict[str, Any] = {
    "title": "Medical coding starter",
    "description": "Turns a short medical report into billing codes.",
    "purpose": "For people who look for work from home.",
    "need": "Lakeside Health asked for it in 2024; the work is done by software since then.",
    "outcomes": ["Read a report", "Find the codes", "Check the bill"],
    "criteria": "Ten reports coded.",
    "assessment": "A test with ten reports.",
    "workload_hours": 40,
    "participation": "online",
    "image_label": "Coding",
}
INSPECTION: dict[str, Any] = {
    "title": "Quality inspection with hand tools",
    "description": "Measures parts, reads drawings and decides what is passed on.",
    "purpose": "For machine operators who want to become inspectors. It carries credit in Manufacturing Technology.",
    "need": "The manufacturers' association of the valley reports 17 open places for inspectors (September 2026).",
    "recognition": "Three members of the association start inspectors one pay grade higher with it.",
    "outcomes": [
        "Measure a part with caliper, micrometer and gauge",
        "Compare what was measured with the drawing",
        "Decide what is passed on, and document why",
    ],
    "criteria": "Twelve parts inspected, four of them with a hidden fault; no faulty part is passed on.",
    "assessment": "Practical test with twelve parts.",
    "workload_hours": 45,
    "participation": "onsite",
    "image_label": "Inspection",
    "credit": "credit",
    "credits": 1,
    "clock_hours": 30,
    "weeks": 8,
}
