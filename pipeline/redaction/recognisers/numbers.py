"""Numbers that belong to one person, case or thing in the UK: checked by their check digit where there is one."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex
from presidio_analyzer import EntityRecognizer, RecognizerResult

from pipeline.redaction.check_digits import is_nhs_number
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE


def _nhs(match: Match) -> bool:
    return is_nhs_number(regex.sub(r"\D", "", match["x"]))


_ORDINARY_PLATES = regex.compile(r"(?i)(?:covid|iso|windows|page|room|section|version|form)\W*$")


def _plate(match: Match) -> bool:
    return not _ORDINARY_PLATES.search(match.string[max(0, match.start() - 10) : match.start()])


_REFERENCE = r"(?=[A-Z0-9/\-.]*\d)[A-Z0-9](?:[A-Z0-9]|[/\-.](?=[A-Z0-9]))+"

_DIGIT = r"(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|(?:double|treble|triple)[ -](?:oh|zero|one|two|three|four|five|six|seven|eight|nine))"
_SPOKEN = rf"{_DIGIT}(?:[ ,-]{{1,2}}{_DIGIT})"

# Numbers read out digit by digit, as in transcripts.
SPOKEN = (
    Rule("PHONE", rf"\b{_SPOKEN}{{8,14}}\b", 0.85, flags=_I),
    Rule(
        "OFFICER_NUMBER",
        rf"\b(?:PC|DC|PS|DS|Sgt|sergeant|constable|collar|shoulder|warrant|staff|number|badge|I'm|special)(?: (?:number|no|is|was|card|'s))*,? (?P<x>{_SPOKEN}{{2,7}})\b",
        0.8,
        flags=_I,
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"\b(?:CAD|log|incident|crime|reference|ref|case|ticket|job|URN)(?: (?:number|no|is|was))*,? (?P<x>{_SPOKEN}{{2,9}})\b",
        0.8,
        flags=_I,
    ),
    Rule("REFERENCE_NUMBER", rf"\b{_SPOKEN}{{3,7}}\b", 0.6, flags=_I),
)

NATIONAL_IDS = (
    Rule("NATIONAL_ID", r"\b[A-Z]{2}[ .-]?\d\d[ .-]?\d\d[ .-]?\d\d[ .-]?[A-D]\b", 0.85),
    Rule("NATIONAL_ID", r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d){6} ?[A-D]\b", 0.95),
    Rule("NATIONAL_ID", r"\b(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z](?: ?\d){6} ?[a-d]\b", 0.9),
    # The letters of a number read out or written without its last one, when it is called what it is.
    Rule(
        "NATIONAL_ID",
        r"(?:\bNI|\bNINO|national insurance)(?: (?:number|no\.?))?\b[^.\n\d]{0,25}?(?P<x>\b[A-Z]{2}(?: ?\d){6}(?: ?[A-Z])?)\b",
        0.9,
        flags=_I,
    ),
    Rule("NATIONAL_ID", r"(?<![\d/.-])(?P<x>\d{3}[ .-]?\d{3}[ .-]?\d{4})(?![\d/-])", 0.9, _nhs),
    Rule(
        "NATIONAL_ID",
        r"\bNHS(?: (?:number|no\.?|num))?\b[^.\n\d]{0,40}(?P<x>\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)",
        0.95,
        flags=_I,
    ),
    Rule(
        "NATIONAL_ID",
        r"\bpassport\b[^.\n\d]{0,30}?\b(?P<x>[A-Z]{0,2}\d{7,9})\b",
        0.9,
        flags=_I,
    ),
    Rule(
        "NATIONAL_ID",
        r"\b[A-Z]{2,5}9{0,3}(?<=\b[A-Z9]{5}) ?\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d ?[A-Z9]{2}[A-Z0-9] ?[A-Z]{2}\b",
        0.95,
    ),
    Rule(
        "NATIONAL_ID",
        r"\b(?:national|payroll|pension|prison|PNC|pnc|PNCID|CRO|passport|licen[cs]e|visa|hospital)(?: (?:id|ID|number|no\.?|ref))+(?: is| was|:)? (?P<x>(?=[A-Z0-9/]*\d)[A-Z0-9/]{5,14})\b",
        0.8,
    ),
)

_OFFICER_WORDS = r"(?:collar|shoulder|warrant|staff|epaulette|epaulet|force|payroll|employee|pay|badge|FIN|id)"

OFFICER_NUMBERS = (
    Rule(
        "OFFICER_NUMBER",
        r"\b[A-Z][a-z]+ [A-Z][a-z]+,? (?P<x>\d{3,5})(?=[.,;)]|\s*$| has\b| is\b)",
        0.7,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]),
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:I'm|I am|he's|she's) (?P<x>\d{4,6})(?=[.,;)]|\s*$| on\b| and\b)",
        0.7,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]),
    ),
    Rule(
        "OFFICER_NUMBER",
        r"(?<![\w/-])(?:CDO|SCO|CSO|PSI|DDO) ?(?P<x>\d{3,5})\b|(?<![\w/-])(?P<x>[CDEGHJKLNPTUVWXYZ]\d{4,5})\b",
        0.65,
    ),
    Rule(
        "OFFICER_NUMBER",
        r"(?<![\w/.-])(?P<x>\d{4,5}) [A-Z]{4,}\b",
        0.6,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]),
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:log(?:ged|ging|s)? (?:me )?(?:in|on)(?:to \w+)? as|log-?in(?:'s| is|:)?|username(?:'s| is|:)?|signed(?: off)?(?: as)?,?|number's|known as|police staff|staff member|user) (?P<x>(?:[A-Za-z]{1,3})?\d{3,7})\b(?! (?:times|days|hours|people))",
        0.75,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]),
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:sgt|insp|constable|sergeant|inspector|special|wpc|tdc) (?P<x>\d{3,6})\b(?! ?(?:%|years?|hours?|days?|times|gb))",
        0.8,
    ),
    # A signature: the number alone after a dash or on the last line.
    Rule(
        "OFFICER_NUMBER",
        r"(?:\n| -+ ?|, )(?P<x>(?:PC|DC|PS)? ?\d{4,5})\.?\s*$",
        0.65,
        lambda m: not regex.fullmatch(r"\s*(?:19|20)\d\d", m["x"]),
    ),
    # The number may stand some words later: "the collar number it printed was 2231".
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:collar|shoulder|warrant|epaulettes?|staff|payroll|badge|force) (?:numbers?|no\.?|num|card|ID|id)\b[^.\n;\d]{0,40}?(?P<x>(?:\b(?!(?:is|was|no|my|of|on|the)\b)[A-Z]{1,3}[/ -]?)?\d{2,7}(?: ?(?!(?:if|is|in|on|at|as|to|so|or|by|we|he|it|my|do)\b)[A-Z]{1,2}\b)?)(?! ?(?:%|times|days|hours|minutes|years|weeks))",
        0.8,
        flags=_I,
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b[A-Z][a-z]+,? (?:collar |shoulder |warrant )?(?:number |no\.? )?\(?(?P<x>(?:C|P|W|E|U)\d{3,6})\b",
        0.8,
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:PC|DC|PS|DS|Sgt|Insp|PCSO|Special|Constable|Sergeant),? (?P<x>\d{2,6} ?[A-Z]{1,2})\b(?! (?:%|GB|MB))",
        0.85,
    ),
    Rule(
        "OFFICER_NUMBER",
        rf"\b{_OFFICER_WORDS}(?: (?:card|id))?(?: (?:number|num\b|no\b\.?|nos\b\.?|#))+(?: is| was|'s|:|,)? *(?P<x>(?:[A-Z]{{1,3}}[/ -]?)?\d{{2,7}}(?:[A-Z]{{1,2}}\b)?)",
        0.95,
        flags=_I,
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:[Cc]ollar|[Ww]arrant|[Ss]houlder|[Bb]adge)(?: card)? (?P<x>(?:[A-Z]{1,3}[/ -]?)?\d{3,7})\b",
        0.9,
    ),
    # "PC 4471", "PS2209", "Sgt 812", "CO 218": a rank with a number, unless it counts, dates or measures something.
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:W?PC|W?DC|PS|DS|DI|CO|PCSO|SC|TDC|Sgt|Insp|Constable|Sergeant|Inspector|SPC|CSO|Special|[Oo]fficer)s?(?P<sep>[ ]?)(?P<x>[A-Z]{0,2}\d{2,6}[A-Z]{0,2})\b(?!\s*(?:%|percent|years?|hours?|days?|times|officers|per|of us|GB|mb|laptops?|machines?))",
        0.85,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]) and not (m["sep"] == "" and len(m["x"]) < 3),
    ),
    Rule(
        "OFFICER_NUMBER", r"\b(?:pc|dc|ps|pcso) (?P<x>\d{3,5})\b(?!\s*(?:%|years?|hours?|days?|times|officers|gb))", 0.8
    ),
    Rule("OFFICER_NUMBER", r"(?<![\w/])W/\d{4,7}\b", 0.9),
    Rule(
        "OFFICER_NUMBER",
        r"(?<![\w/.-])(?P<x>\d{3,6}),? (?:PC|DC|PS|DS|Sgt|Insp|PCSO|Con|SC) [A-Z][a-z]",
        0.85,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]),
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?P<x>\d{2,6}) on (?:my|his|her|your|their|the) (?:shoulders?|collar|epaulettes?|warrant card)\b",
        0.85,
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:force|staff|payroll|officer|employee|police|warrant) ID(?: number| no\.?)?(?: is| was|:|,)? *(?P<x>(?=[A-Z0-9]*\d)[A-Z0-9]{3,9})\b",
        0.9,
        flags=_I,
    ),
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Yy]our) (?:number|collar|warrant|shoulder|login|log-in|user ID|ID)(?:'s| is| was|,|:) (?P<x>(?:[A-Z]{1,3}[/ -]?)?\d{2,7})\b(?! (?:times|days|hours))",
        0.8,
    ),
    # A name's number after it: "Okafor 4471".
    Rule(
        "OFFICER_NUMBER",
        r"\b(?:PC|DC|PS|DS|Sgt|Con|PCSO|Insp|DI) [A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?,? \(?(?P<x>\d{2,6})\b(?! ?(?:%|years?|hours?|days?|times))",
        0.85,
    ),
)

_CASE_WORDS = (
    r"(?:CAD|cad|[Ii]ncident|[Cc]rime|[Oo]ccurrence|[Ll]og|[Jj]ob|[Cc]ase|[Tt]icket|[Cc]ontract|[Cc]omplaint|[Tt]ender|"
    r"[Cc]laim|[Ii]nvoice|[Pp]urchase order|PO|URN|urn|[Cc]ustody(?: record)?|[Ee]xhibit|[Pp]roperty|[Gg]rievance|"
    r"[Hh]elpdesk|[Ss]ervice ?[Dd]esk|[Ss]ervice request|[Cc]all|FOI|[Ff]raud|[Ii]nvestigation|[Mm]isconduct|"
    r"[Ss]erial|[Aa]sset|[Ff]ile|[Ll]icence|[Cc]harge|[Ss]ummons|[Ww]arrant|[Cc]hange request|[Rr]equest|[Qq]uote|IML|CHS|VPA|ISR|IR)"
)

REFERENCES = (
    Rule(
        "REFERENCE_NUMBER",
        r"(?<![\w/])(?=(?:[A-Z/]*\d){5})[A-Z0-9]{2,6}(?:/[A-Z0-9]{2,8}){2,4}(?![\w/])",
        0.8,
        lambda m: not regex.fullmatch(r"\d\d?/\d\d/\d{2,4}", m.group()),
    ),
    Rule("REFERENCE_NUMBER", r"(?<![\w/])[A-Z]{2,3}/\d{1,3}(?![\w/])", 0.6),
    Rule(
        "REFERENCE_NUMBER",
        r"\b(?:ref(?:erence)?|crime|incident|case|log|ticket|URN|CAD|contract|occurrence|complaint|tender|job|call)(?: (?:number|no\.?|ref|reference|id)){1,4}\b[^.\n;\d]{0,30}?(?P<x>\b(?:[A-Z]{1,6}[/-]?){0,3}\d{3,}[A-Z0-9]*+(?:[/-][A-Z0-9]++){0,4})\b",
        0.8,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d", m["x"]),
        flags=_I,
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"\b{_CASE_WORDS}(?: (?:number|num|no\.?|ref\.?|reference|id|ID|record|log|#))+(?: is| was|:|,)? *#?(?P<x>{_REFERENCE})",
        0.9,
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"\b(?:[Rr]ef(?:erence)?(?: (?:number|no)\.?)?|[Oo]ur ref|[Yy]our ref)(?: is| was|:|\.)? *(?P<x>(?=[A-Z0-9/\-]{{4,}}){_REFERENCE})",
        0.85,
    ),
    Rule(
        "REFERENCE_NUMBER",
        r"\b(?:CAD|cad|[Ll]og|[Ii]ncident|[Ss]erial) (?P<x>\d{2,6}(?: of \d{1,2}/\d{1,2}(?:/\d{2,4})?)?)\b(?! ?(?:%|systems|jobs|users))",
        0.85,
    ),
    Rule(
        "REFERENCE_NUMBER",
        rf"\b(?:URN|urn|URNs|[Oo]ccurrence|[Cc]ase|[Tt]icket|[Cc]ontract|[Cc]omplaint|[Tt]ender|[Ii]nvoice|[Ee]xhibit|[Cc]rime|[Cc]ustody record),? #?(?P<x>(?=[A-Z0-9/\-.]*\d[A-Z0-9/\-.]*\d)(?=[A-Z0-9/\-]{{4,}}){_REFERENCE})",
        0.85,
    ),
    # Four digits and more after a word for a case, but for a year or an amount.
    Rule(
        "REFERENCE_NUMBER",
        rf"\b{_CASE_WORDS},? #?(?P<x>(?=(?:[A-Z0-9/.-]*?\d){{4}}){_REFERENCE})(?! (?:of|times|jobs|people|users|calls|officers|hours|days|pounds|a year))",
        0.75,
        lambda m: not regex.fullmatch(r"(?:19|20)\d\d(?:[/-]\d\d(?:\d\d)?)?", m["x"]),
    ),
    Rule("REFERENCE_NUMBER", r"\b[Ee]xhibit (?P<x>[A-Z]{2,4}/?\d{1,4})\b", 0.85),
    # Shapes that stand alone: 42/19384/23, 01WW0912323, INC0048812, 20230412-0345, 13/CR/04421/24.
    Rule("REFERENCE_NUMBER", r"(?<![\w/.£$])\d{2}[A-Z]{0,2}/(?:[A-Z]{1,3}/)?\d{3,7}/\d{2}(?:\d\d)?(?![\w/])", 0.9),
    Rule("REFERENCE_NUMBER", r"(?<![\w/])\d{2}[A-Z]{2}\d{5,9}\b", 0.9),
    Rule("REFERENCE_NUMBER", r"\b(?:INC|REQ|RITM|CHG|SR|TKT|CRQ|PRB|TASK|CAS|IM|WO|HD)[- ]?\d{4,10}\b", 0.9),
    Rule("REFERENCE_NUMBER", r"(?<![\w/-])[A-Z]{1,4}[/-]\d{3,6}[/-]\d{2,6}(?![\w/])", 0.85),
    Rule("REFERENCE_NUMBER", r"(?<![\w/-])[A-Z]{2,5}[/-](?:[A-Z]{1,5}[/-])?\d{2,4}[/-]\d{2,6}(?![\w/])", 0.85),
    Rule("REFERENCE_NUMBER", r"(?<![\w/.-])(?:19|20)\d{6}-\d{3,5}(?![\w-])", 0.85),
    Rule(
        "REFERENCE_NUMBER",
        r"(?<![\w/])\d{3,6} of (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[/ ](?:0?[1-9]|1[0-2]|[A-Z][a-z]{2,8})(?:[/ ]\d{2,4})?\b",
        0.8,
    ),
)

_CURRENT = r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7]\d)[ -]?[A-HJ-PR-Z]{3}"
_OLD = r"(?:[A-HJ-NPR-TV-Y]\d{1,3}[ -]?[A-HJ-PR-Z]{3}|[A-HJ-PR-Z]{3}[ -]?\d{1,3}[A-HJ-NPR-TV-Y]|[A-Z]{1,3}[ -]?\d{1,4})"
_PLATE_WORDS = r"(?:reg(?:istration)?(?: (?:number|plate|mark|no\.?))?|VRM|vrm|number ?plate|index|plate)"

VEHICLES = (
    Rule("VEHICLE", rf"\b{_CURRENT}\b", 0.9, _plate),
    Rule(
        "VEHICLE",
        r"\b[a-hj-pr-y]{2}(?:0[1-9]|[1-7]\d) ?[a-hj-pr-z]{3}\b",
        0.7,
        lambda m: not regex.match(r"(?i)(?:in|at|on|to|by|is|of|as|up)\d", m.group()),
    ),
    Rule(
        "VEHICLE",
        rf"\b(?:[Vv]an|[Cc]ar|[Vv]ehicle|{_PLATE_WORDS})(?: is| was|:|,)? \(?(?P<x>{_OLD})\b",
        0.8,
        lambda m: any(c.isdigit() for c in m["x"]),
    ),
    Rule("VEHICLE", r"(?<![\w-])(?:[A-HJ-NPR-TV-Y]\d{2,3} [A-HJ-PR-Z]{3})\b", 0.75),
    Rule("VEHICLE", rf"(?i:{_PLATE_WORDS})[^.\n]{{0,20}}\b(?P<x>{_CURRENT})\b", 0.9, flags=0),
)


class PhoneRecogniser(EntityRecognizer):
    """British telephone numbers by Google's phonenumbers library, with any spacing, brackets or +44."""

    _CANDIDATE = regex.compile(r"(?<![\w/.-])(?:\+|00 ?)?\(?\d(?:[\d ().\-]{7,24})\d(?![\w/])")
    _EXTENSION = regex.compile(r"(?i)\b(?:ext(?:ension)?\.?|internal) ?(?:number |no\.? |is )*(?P<x>\d{3,6})\b")

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        super().__init__(supported_entities=["PHONE"], name="rules:phone")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: object = None) -> list[RecognizerResult]:  # noqa: ARG002
        results = [
            RecognizerResult("PHONE", *match.span("x"), 0.85)
            for match in self._EXTENSION.finditer(text, timeout=self.timeout)
        ]
        for match in self._CANDIDATE.finditer(text, timeout=self.timeout):
            length = self._valid_length(match.group())
            if length:
                results.append(RecognizerResult("PHONE", match.start(), match.start() + length, 0.9))
        return results

    @staticmethod
    def _valid_length(candidate: str) -> int:
        """How many leading characters of `candidate` are a telephone number; 0 if none."""
        import phonenumbers

        digits = regex.sub(r"\D", "", candidate)
        if not candidate.startswith(("+", "0", "(0", "44")) or not 9 <= len(digits) <= 15:
            return 0
        # Ofcom's drama numbers are possible but not all are "valid", and a wrong digit does not make it publishable.
        for end in range(len(candidate), 9, -1):
            if not candidate[end - 1].isdigit():
                continue
            text = candidate[:end].replace("(0)", "")
            text = "+" + text if text.startswith("44") else text
            try:
                number = phonenumbers.parse(text, "GB")
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_possible_number(number):
                return end
        return 0
