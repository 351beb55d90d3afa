"""A document with one of every identifier, redacted before anything else. One miss, and nothing is redacted."""

from pipeline.redaction.documents import Document, Person, RedactedDocument, Segment

PERSON = Person(
    contributor_id="known-answer",
    name="Marguerite Thistlewood-Amadi",
    email="m.amadi@northmoor.police.example",
    organisation="Quillfeather Systems Ltd",
    role="Head of Widget Policy",
    stakeholder_group="Supplier",
    other=("7719",),
)
# Label, text around it, and what must not be left. Each group of rules and each layer has a case that only it finds.
# Invented people; numbers from ranges kept for fiction.
_CASES = (
    ("PERSON", "My sergeant, DS Okonjo, never saw it.", "Okonjo"),
    ("PERSON", "We all told marguerite that it was broken.", "marguerite"),
    ("PERSON", "Nobody asked okonjo, which was wise.", "okonjo"),
    ("PERSON", "Mar\u200bguerite would know.", "guerite"),
    ("PERSON", "Marguerite Thistlewood wrote the report.", "Thistlewood"),
    ("EMAIL", "Write to jo.bloggs@intranet.local or not at all.", "jo.bloggs@intranet.local"),
    ("EMAIL", "I am on kim dot vale at northmoor dot police dot uk these days.", "kim dot vale at northmoor"),
    ("PHONE", "Ring me on 07700 900 123 after lunch.", "07700 900 123"),
    ("PHONE", "It was zero seven seven zero zero nine zero zero one two three, she said.", "zero one two three"),
    ("NATIONAL_ID", "My national insurance number AB 12 34 56 C was on the screen.", "AB 12 34 56 C"),
    ("NATIONAL_ID", "Her NHS number 943 476 5919 was there too.", "943 476 5919"),
    ("OFFICER_NUMBER", "It is under collar number 4471 in the system.", "4471"),
    ("OFFICER_NUMBER", "The list says 7719 twice.", "7719"),
    ("REFERENCE_NUMBER", "See crime reference 42/19384/23 for that.", "42/19384/23"),
    ("VEHICLE", "The van was LK19 XTR and it was blue.", "LK19 XTR"),
    ("POSTCODE", "The unit moved to ZE1 0AA that week.", "ZE1 0AA"),
    ("ADDRESS", "They knocked at 14 Mafeking Terrace by mistake.", "14 Mafeking Terrace"),
    ("HANDLE", "Somebody posted it as @northmoor_bobby last night.", "@northmoor_bobby"),
    ("URL", "The form is at https://intranet.northmoor.example/forms now.", "intranet.northmoor.example"),
    ("URL", "It answered from 192.0.2.44 all night.", "192.0.2.44"),
    ("REFERENCE_NUMBER", "The card 4111 1111 1111 1111 was left in the reader.", "1111 1111"),
    ("REFERENCE_NUMBER", "Their VAT reg 123 4567 82 was wrong.", "4567 82"),
    ("REFERENCE_NUMBER", "They paid into account 5577 9911 for a year.", "5577 9911"),
    ("REFERENCE_NUMBER", "The handset was 49-015420-323751-8 on the sticker.", "015420"),
    ("ADDRESS", "The mast is at 54.5973, -5.9301 or near it.", "54.5973"),
    ("ADDRESS", "We met at ///filled.count.soap in the end.", "filled.count.soap"),
    ("FORCE", "I came from West Yorkshire Police to this.", "West Yorkshire"),
    ("FORCE", "It was easier at GMP by far.", "GMP"),
    ("FORCE", "He left the Met over this.", "Met"),
    ("LOCATION", "The signal dies outside Middlesbrough every time.", "Middlesbrough"),
    ("ORGANISATION", "At Quillfeather we would have tested it.", "Quillfeather"),
    ("UNIT", "That was during Operation Hawksmoor in the rain.", "Hawksmoor"),
    ("ROLE", "I am the only female dog handler in the county.", "only female dog handler"),
    ("DATE", "It all went down on 14 March 2017 at noon.", "14 March 2017"),
    ("AGE", "The victim was aged 47 and could not log in.", "47"),
    ("HEALTH", "I was diagnosed with epilepsy and nobody asked.", "epilepsy"),
    ("FAMILY", "My husband is a detective on the same shift.", "husband is a detective"),
)

DOCUMENT = Document(
    document_id="known-answer",
    segments=tuple(
        Segment(segment_id=str(i), text=text, contributor_id=PERSON.contributor_id)
        for i, (_, text, _) in enumerate(_CASES)
    ),
)


# Only the classifier knows these; everything else is found without it too.
_CLASSIFIED = frozenset({"HEALTH"})


def missed(redacted: RedactedDocument, classified: bool = True) -> list[str]:
    """Labels of which something was left in the redacted DOCUMENT, sorted. `classified`: by the classifier too."""
    if redacted.held:
        return sorted({label for label, _, _ in _CASES})
    texts = [segment.text for segment in redacted.segments]
    expected = [
        (case, text) for case, text in zip(_CASES, texts, strict=True) if classified or case[0] not in _CLASSIFIED
    ]
    return sorted({label for (label, _, secret), text in expected if secret in text})
