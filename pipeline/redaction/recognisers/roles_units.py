"""What somebody is alone in being: unique roles, named units and operations, and where they say they worked."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE

_JOB = (
    r"(?:officers?|sergeant|sgt|inspector|constable|PC|DC|DS|DI|PCSO|handler|analyst|manager|woman|man|female|male|"
    r"trainer|investigator|detective|lead|buyer|supplier|developer|engineer|nurse|technician|supervisor|operator|"
    r"dispatcher|clerk|administrator|researcher|examiner|co-?ordinator|interpreter|translator|pilot|driver|"
    r"instructor|adviser|advisor|specialist|expert|superintendent|chaplain|vet|scientist|statistician|architect|"
    r"firm|vendor|company|team|unit|person|one|girl|lad|Sikh|Muslim|Black|Asian|Jewish|gay|trans|deaf|Welsh[- ]speak\w+|"
    r"speaker|wheelchair|civilian|member of staff|librarian|solicitor|lawyer|accountant|auditor|photographer|editor|"
    r"planner|designer|tester|trustee|rep|representative|commander|chief|head|director|mother|father|mum|dad|"
    r"sniffer|rider|diver|negotiator|marksman|custodian|tutor|assessor|reviewer|secretary|receptionist)"
)
_Y = r"(?:[^\s,.;:!?()]+ ?){1,7}"

_WHERE = r"(?:in|at|on|across|within|for|covering|left in) (?:(?:the|our|my|this|all|of|whole|entire|three|two) ){0,3}(?:force|forces|county|counties|region|station|building|unit|team|shift|nights|rank|district|division|department|office|country|constabulary|north|south|east|west|valley|area|borough|service|section|HQ|headquarters|nick|company|firm|squad|town|city|island|site|[A-Z][\w'-]+)\b"
_MORE = r"(?: (?:in|at|on|of|for|and|with|to|who|that|covering|across|north|south) (?:(?:the|our|my|a|an) )?(?!(?:I|it|we|they|he|she|that|so|this|you|if|when)\b)[\w'-]+){0,3}(?<! (?:and|with|to|who|that))"
_NO_PERSON = r"(?:thing|way|time|reason|problem|option|difference|place|bit|part|issue|downside|system|laptop|terminal|computer|printer|machine|scanner|van|car|vehicle|database|screen|software|app|room|phone|radio|camera|kit|tablet|desk|drawback|point|answer|solution|choice|exception|complaint|information|means|network|server|data|form|key|copy|signal|socket|plug|chair|kettle|light|force|day|night|hour|site|tool|product|supplier of|improvement|change|good|upside|document|spreadsheet|file|record|link|button|feature|search|report|training|course|field|area|hope|one that|other)s?"

ROLES = (
    Rule(
        "ROLE",
        rf"\b(?:I'm|I am|I was|as|being|he's|she's|she is|he is)(?:, \w+,)? (?P<x>the (?:only|sole|first|second|third|fourth|fifth|last) (?!{_NO_PERSON}\b)(?:(?!(?:and|but|so|because|which|when|until|since|while|if)\b)[\w'-]+ ){{0,4}}?(?:{_JOB})(?: (?!(?:and|but|so|because|when|until|since|while|if|I)\b)[\w'-]+){{0,9}})",
        0.7,
        lambda m: _unique(m),
    ),
    Rule(
        "ROLE",
        rf"\b(?P<x>the only {_JOB}(?: who(?:'ll|'s|'d)?| that| left| between)(?: (?!(?:and|but|so|because|when|until|since|while|if|has|is|was|I)\b)[\w'-]+){{0,6}})",
        0.65,
        lambda m: "person who" not in m.group() and "one who" not in m.group(),
    ),
    Rule(
        "ROLE",
        rf"\b(?P<x>(?:the )?only (?!{_NO_PERSON}\b)(?:[\w'-]+ ){{0,6}}?{_WHERE}{_MORE})",
        0.7,
        lambda m: _about_a_person(m),
    ),
    Rule(
        "ROLE",
        rf"\b(?P<x>one of (?:only |just |the )?(?:two|three|four|five|2|3|4|5) (?!{_NO_PERSON}\b)(?:[\w'-]+ ){{1,5}}?{_WHERE}{_MORE})",
        0.65,
        lambda m: _about_a_person(m),
        _I,
    ),
    Rule(
        "ROLE",
        r"(?<=[a-z,] )(?P<x>(?:Force|County|Regional|National|Deputy|Assistant|Senior|Strategic|Principal) (?:[A-Z][a-z]+ ){1,4}(?:Registrar|Lead|Director|Commander|Champion|Coordinator|Co-ordinator|Secretary|Chair|Manager|Officer|Adviser|Advisor|Accountant|Solicitor|Custodian|Librarian|Engineer|Architect))\b",
        0.65,
        lambda m: not gazetteer.is_kept(m.group()),
    ),
    Rule(
        "ROLE",
        r"\b(?P<x>(?:Force|Chief|County) (?:Crime |Incident |Data |Vetting |Records |Wellbeing |Medical |Clinical |Firearms |Surgeon |Legal )*(?:Registrar|Surgeon|Solicitor|Accountant|Chaplain|Armourer|Librarian|Statistician|Scientist|Architect|Engineer|Analyst))\b",
        0.7,
    ),
    Rule(
        "ROLE",
        r"(?<=\b(?:the|our|as|am|a|my|as the|an?) )(?P<x>(?:[A-Z][a-z]+ (?:and |& )?){1,4}(?:Lead|Registrar|Coordinator|Co-ordinator|Commander|Champion|Director|Ambassador|Tsar|Commissioner))\b",
        0.6,
        lambda m: (
            not gazetteer.is_kept(m.group())
            and not regex.match(
                r"(?:Information|Biometrics|Surveillance|Police and Crime|Deputy|Assistant|Team|Project|Tactical|Silver|Gold|Bronze|Strategic Firearms) ",
                m.group(),
            )
        ),
    ),
    Rule(
        "ROLE",
        rf"\b(?P<x>the only (?:[\w'-]+ ){{0,5}}?{_JOB}(?: [\w'-]+){{0,3}}? (?:in|at|on|across|within|for|with|left|from|covering) {_Y})",
        0.75,
        lambda m: _unique(m),
        _I,
    ),
    Rule(
        "ROLE",
        rf"\b(?:[Aa]s|I'm|I am|I was|being|she's|he's|is|was) (?:one of )?(?P<x>the only (?:[\w'-]+ ){{0,4}}{_JOB})\b",
        0.7,
        lambda m: _unique(m),
    ),
    Rule(
        "ROLE",
        rf"\b(?:I'm|I am|I was|we're|we are) (?:the |our )?(?P<x>(?:force'?s?|county'?s?|region'?s?|unit'?s?) (?:only|sole|first) (?:[\w-]+ ){{0,4}}?{_JOB})",
        0.75,
    ),
    Rule(
        "ROLE",
        rf"\b(?P<x>the (?:first|last|sole|youngest|oldest|longest[- ]serving|most senior) (?:(?:ever|openly|and|only) )*(?:female|woman|black|asian|sikh|muslim|gay|trans|deaf|disabled|civilian|wheelchair|jewish|hindu|polish|somali|[\w-]+ ){{0,3}}?{_JOB}(?: to| in| at| on| across| ever| for) {_Y})",
        0.7,
        lambda m: _unique(m),
        _I,
    ),
    Rule(
        "ROLE",
        r"\b(?:(?:Deputy|Assistant|Interim|Acting|Joint|Associate|Regional|Strategic|National|Global|Group) )*(?:Head|Director|Chief|Superintendent|Commander|Inspector|Manager|Lead|Leader|Officer|Coordinator|Champion|SPOC|Chair|Secretary|Registrar|Professor|Lecturer) (?:of|for) (?:the )?[A-Z][\w&-]+(?:(?: and| &|,| for| of| in| at)? [A-Z][\w&-]+){0,6}",
        0.7,
        lambda m: not _generic_title(m),
    ),
    Rule(
        "ROLE",
        r"\b(?:the|our|my|his|her|as|former|deputy) (?P<x>(?:(?:deputy|assistant|former|acting|interim) )?(?:head|director) of (?:(?!(?:is|was|said|told|who|has|had|to|in|at|for|when|that|came|left|wants|the|a|an|steam|state|it|this|our|my|their|these|those|them|us)\b)[\w&-]+ ?){1,3})(?<! )",
        0.6,
        lambda m: not regex.search(r"\bof (?:and|or)\b", m.group()),
    ),
    Rule(
        "ROLE",
        r"\bChief (?:Information|Data|Technology|Technical|Digital|Finance|Financial|Operating|Procurement|Executive|Scientific|Medical|People|Security|Product|Commercial|Innovation|Nursing|Analytics)(?: Security)?(?: and \w+)? Officer\b",
        0.75,
    ),
    Rule(
        "ROLE",
        r"\b(?:[Tt]he |[Oo]ur |[Mm]y )?(?P<x>(?:national|regional|force|county|county-wide|strategic) (?:[\w-]+ ){0,3}(?:lead|co-?ordinator|champion|tsar|SPOC)(?: for [\w-]++(?: [\w-]++){0,3})?)\b",
        0.6,
        lambda m: _own(m),
    ),
    Rule(
        "ROLE",
        r"\b(?:I'm|I am|I was|as) (?:the |our )?(?P<x>(?:(?:[Dd]eputy|[Aa]ssistant|[Ii]nterim|[Aa]cting|[Jj]oint|[Ff]ormer) )?(?:[Hh]ead|[Dd]irector|[Cc]hair|[Ss]ecretary|[Ll]ead|[Cc]hief) (?:of|for) [\w&-]++(?: [\w&-]++){0,3} ?)(?=[,.;:]|$| at | in | for )",
        0.7,
    ),
    Rule(
        "ROLE",
        r"\b(?P<x>(?:ACC|DCC|DCI|Supt|Superintendent|Ch Supt|Chief Superintendent|Chief Inspector|Commander) (?:for|of|in charge of|responsible for|over) [\w-]++(?: [\w-]++){0,2} ?)(?=[,.;:]|$| (?:told|said|has|is|was|did|and|came|who|in|at)\b)",
        0.65,
    ),
    Rule(
        "ROLE",
        r"\b(?P<x>(?:[A-Z][a-z]+ )?(?:Superintendent|Inspector|Sergeant|Commander|Director|Commissioner|Secretary) \((?!retired)[^)]{3,30}\))",
        0.6,
    ),
)
_NOT_UNIQUE = regex.compile(
    r"(?i)^(?:the )?only (?:\w+ )?(?:thing|way|time|reason|problem|option|difference|place|bit|part|issue|good|real|downside|system|one thing|people who|ones?\b (?:that|which)|other|point|answer|solution|choice|exception|complaint|man in the world|information|means)\b"
)


def _unique(match: Match) -> bool:
    return not _NOT_UNIQUE.match(match["x"]) and not regex.match(
        r"(?i)the (?:first|last|sole) (?:one|person|unit|team|company)\b", match["x"]
    )


_PERSON_WORDS = regex.compile(rf"(?i)\b(?:{_JOB}|with (?:a |the )|trained|qualified|who|me|female|male|doing)\b")


def _about_a_person(match: Match) -> bool:
    """Somebody is unique here, not something: a job is named, or the sentence says who."""
    before = match.string[max(0, match.start() - 22) : match.start()]
    said = regex.search(
        r"(?i)\b(?:I'm|I am|I was|as|being|he's|she's|she is|he is|he was|she was|me,?|my|we're) (?:the |still the |now the |currently the )?$",
        before,
    )
    return bool(said or _PERSON_WORDS.search(match["x"]))


def _own(match: Match) -> bool:
    before = match.string[max(0, match.start("x") - 25) : match.start("x")].casefold()
    return bool(regex.search(r"(?:i'm|i am|i was|as|is|was|became|being|role) (?:the |our |my |a )?$", before))


def _generic_title(match: Match) -> bool:
    return bool(
        regex.match(
            r"(?:Director of Public Prosecutions|Chief of Staff|Secretary of State|Head of State|Leader of the)",
            match.group(),
        )
    )


_TEAM = r"(?:Team|Unit|Squad|Section|Group|Hub|Desk|Shift|Relief|Rota|Watch|Cell|Branch|Taskforce|Task Force|Department|Division|Command|Centre|Syndicate|Network|Support Team)"
_CAP = r"(?:[A-Z][\w&'-]+|[A-Z]{2,6})"
_GENERIC_UNITS = frozenset(
    "response neighbourhood custody control contact crime digital forensics forensic investigation investigations safer "
    "professional standards roads policing traffic dog firearms armed intelligence intel major public protection child "
    "abuse domestic cyber fraud economic marine mounted air support ict it service help information management data "
    "protection human resources hr training procurement fleet finance legal corporate communications media cid high tech "
    "hi-tech special branch counter terrorism serious organised collision offender missing persons rape emergency the our "
    "a my this proactive specialist operations ops tactical territorial prisoner handling criminal justice witness care "
    "case file victim hate licensing vetting and of project change delivery programme business user focus working "
    "analytics performance strategy innovation online economic financial research evidence front rural wildlife every "
    "each one web call first another night day late early national police force local regional serious steering task "
    "facebook whatsapp teams microsoft senior leadership management".split()
)


def _named_unit(match: Match) -> bool:
    """A unit is identifying where a word of its name is a place, a force or a name of its own."""
    words = [w.casefold() for w in regex.findall(r"[\w'-]+", match["name"])]
    named = [w for w in words if w not in _GENERIC_UNITS]
    inside = len(words) > 1 and named == words[:1] and not gazetteer.begins_sentence(match.string, match.start())
    return not gazetteer.is_kept(match.group()) and (inside or any(not gazetteer.is_ordinary(w) for w in named))


_COMPASS = r"(?:North|South|East|West|Central|Eastern|Western|Northern|Southern|Mid)"
_PHONETIC = r"(?:Alpha|Bravo|Charlie|Delta|Echo|Foxtrot|Golf|Hotel|Juliet|Kilo|Lima|Mike|November|Oscar|Papa|Quebec|Romeo|Sierra|Tango|Uniform|Victor|Whiskey|X-ray|Yankee|Zulu)"

UNITS = (
    # What everybody may name is on the keep-list, and says where somebody is from once it is "my time at".
    Rule(
        "ORGANISATION",
        r"\b(?:[Mm]y (?:time|years|days|career|stint|secondment)|I (?:used to work|once worked|worked|served)|I(?:'ve| have) (?:worked|served)) (?:at|for) (?:the )?(?P<x>[A-Z][\w&'-]*(?: (?:(?:of|for|and) )?[A-Z][\w&'-]*){0,5})",
        0.7,
        lambda m: gazetteer.is_kept(m["x"]),
    ),
    Rule(
        "UNIT",
        r"\b(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?) (?:[a-z]+ ){0,3}?(?:team|desk|unit|car|cell|squad|hub|incident room|support group|section|panel)\b",
        0.6,
        lambda m: (
            (gazetteer.is_place_word(gazetteer.tokens(m["name"])[-1]) or m["name"].startswith(("Op ", "Operation ")))
            and not gazetteer.is_ordinary(gazetteer.tokens(m["name"])[-1])
            and not regex.search(r"\b(?:and|in|at|to|is|was|the|my|our|has|had|for|of)\b", m.group())
        ),
    ),
    Rule("UNIT", r"\b[A-Z] Division\b", 0.75),
    Rule(
        "UNIT",
        r"(?<=[a-z,] )(?:[A-Z][a-z]+ ){2,3}(?:Board|Panel|Forum|Committee|Collaboration|Programme Team)\b",
        0.55,
        lambda m: (
            not gazetteer.is_kept(m.group())
            and not gazetteer.begins_sentence(m.string, m.start())
            and not regex.match(
                r"(?:Parole|Youth Justice|National|Project|Programme|Change|Police and Crime)", m.group()
            )
        ),
    ),
    Rule(
        "UNIT",
        rf"\b{_COMPASS}(?: (?:{_COMPASS}|Area|and|&))* (?:BCU|LPA|Hub|Command|Division|CID|Custody|Area|Sector|LPU|Response|NPT|Team|Cluster|Locality|Basic Command Unit)\b",
        0.7,
    ),
    Rule(
        "UNIT",
        rf"\b(?:{_PHONETIC} (?:[Tt]eam|[Ss]hift|[Rr]elief|[Ss]ection|[Ww]atch|[Bb]lock)|(?:[Tt]eam|[Ss]hift|[Rr]elief|[Ww]atch) {_PHONETIC})\b",
        0.75,
    ),
    Rule("UNIT", rf"\b{_PHONETIC} (?:{_PHONETIC} )?\d{{1,3}}\b", 0.7),
    Rule(
        "UNIT",
        r"\b(?:[Gg]roup|[Tt]eam|[Rr]elief|[Ss]hift|[Rr]ota|[Ss]erial) (?:[1-9A-F]|one|two|three|four|five|six)\b(?=[,.;]| (?:at|in|on|is|was|are|were|and|have|had|got)\b)(?! (?:and|or) (?:two|three|four))",
        0.6,
    ),
    Rule(
        "UNIT",
        r"\b(?:[Tt]ri|[Bb]i)-?[Ff]orce(?: [A-Z][\w-]+| [a-z]+(?= (?:team|unit|section)))*(?: (?:[Tt]eam|[Uu]nit|[Ss]ection|[Dd]ogs?|ICT))?",
        0.8,
    ),
    Rule("UNIT", rf"\b(?P<name>(?:{_CAP} (?:and |& |of )?){{1,4}}){_TEAM}\b", 0.7, _named_unit),
    Rule("UNIT", rf"\bRegional (?:{_CAP} (?:and |& )?){{1,3}}(?:Support|Services)\b", 0.7),
    Rule(
        "UNIT",
        r"\b(?:[A-F]|[1-9]|Red|Blue|Green|Amber|Yellow|Purple) (?:[Ss]hift|[Rr]elief|[Ww]atch|[Bb]lock|[Dd]iv(?:ision)?|[Ss]ection|[Tt]eam|[Rr]ota)\b(?! (?:pattern|work|system))",
        0.7,
        lambda m: (
            not regex.match(r"\d [Ss]hift|A (?:shift|team|rota|section|division|block|watch|relief)", m.group())
            or (m.start() > 0 and m.string[m.start() - 2 : m.start()] in {"n ", "r "})
        ),
    ),
    Rule(
        "UNIT",
        r"\b(?:Team|Shift|Relief|Block|Division|Rota|Watch|Section) (?:[A-F]|[1-9])\b(?![/\d.])",
        0.65,
        lambda m: not m.group().startswith("Section"),
    ),
    Rule(
        "UNIT",
        r"\b(?P<x>(?:Operation|Op) (?P<name>[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?))\b",
        0.85,
        lambda m: (
            not gazetteer.is_kept(m.group())
            and m["name"].casefold() not in {"room", "rooms", "manager", "order", "centre", "support"}
        ),
    ),
    Rule("UNIT", r"\b[Cc]all ?sign,? (?:is |was )?(?P<x>[A-Z]{1,5}[ -]?\d{1,4}[A-Z]?)\b", 0.85),
    Rule(
        "UNIT",
        r"\b(?:ERSOU|NEROCU|EMSOU|SEROCU|SWROCU|WMROCU|NWROCU|YHROCU|RART|TITAN|Tarian|TARIAN|Zephyr|MetCC|MetHQ|SCD\d+|SO\d{1,2}|CO\d{2}|MO\d{1,2}|BEH|BSCF)\b",
        0.7,
        lambda m: m.group() not in {"SO15"},
    ),
    Rule(
        "UNIT",
        rf"\b(?P<x>{_CAP}(?: (?:and |& )?{_CAP}){{0,2}} (?:NPT|SNT|LPT|LPU|NPU|RPU|MASH|CIT|LPA|LPAs|IPT|TPT|DAIT|MIT|MIU|CIU|RPT|SOIT|FMIT|CAIT|CAIU|DAU|VPU))\b",
        0.75,
        lambda m: (
            not gazetteer.is_ordinary(m["x"].split()[0])
            and m["x"].split()[0] not in {"NPT", "SNT"}
            and not gazetteer.is_kept(m["x"].split()[0])
        ),
    ),
)
