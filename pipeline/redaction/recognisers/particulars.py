"""What singles a person out without naming them: dates, ages, unique roles, units, health and family."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)\d\d|'\d\d)"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?,? (?:the )?)?"

_ORDINAL = r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
_SPOKEN_YEAR = r"(?:two thousand(?: and)?(?: [a-z]+(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)?|(?:nineteen|twenty)[ -](?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|oh)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
_HOLIDAY = r"(?:Christmas(?: Day| Eve)?|Boxing Day|New Year's(?: Day| Eve)?|Halloween|Bonfire Night|Easter(?: Sunday| Monday)?|Good Friday|St Patrick's Day|Spring|Summer|Autumn|Winter)"

DATES = (
    Rule("DATE", rf"\b(?:{_ORDINAL}) (?:of |day of )?{_MONTH}(?:,? (?:{_YEAR}|{_SPOKEN_YEAR}))?(?!\w)", 0.85, flags=_I),
    Rule("DATE", rf"\b{_MONTH} (?:the )?(?:{_ORDINAL})(?:,? (?:{_YEAR}|{_SPOKEN_YEAR}))?(?!\w)", 0.85, lambda m: m.group()[0].isupper() and not m.group().endswith("second"), _I),
    Rule("DATE", rf"\b{_MONTH},? (?:of )?{_SPOKEN_YEAR}\b", 0.85, flags=_I),
    Rule("DATE", rf"\b{_MONTH}(?:/|-| to | and | or ){_MONTH},? {_YEAR}(?!\w)", 0.85, flags=_I),
    Rule("DATE", rf"(?<![\w/-])(?:0?[1-9]|[12]\d|3[01])[-/. ]?{_MONTH}[-/. ]?(?:\d{{4}}|\d\d)(?![\w/-])", 0.85, lambda m: not regex.search(r"(?i)\d ?(?:may|mar|march) ?\d\d?$", m.group()), _I),
    Rule("DATE", rf"\b{_HOLIDAY},? (?:of |in )?(?:{_YEAR}|{_SPOKEN_YEAR})(?!\w)", 0.75, flags=_I),
    Rule("DATE", rf"\b(?:on|dated|by|since|before|until|from|till|commencing|w/c) (?:the )?(?P<x>(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2]))(?![\w/%])", 0.7),
    Rule("DATE", r"\b(?:on|of|from|since|until|dated) the (?P<x>(?:[12]?\d|3[01])(?:st|nd|rd|th))(?=[,.;]| (?:when|at|he|she|I|we|it)\b)", 0.6),
    Rule("DATE", rf"\b{_WEEKDAY}{_DAY}(?: ?(?:-|/|to|and|&|or|till|until) ?{_DAY})?(?: of)? {_MONTH}\.?(?:,? (?:of )?(?:{_YEAR}|{_SPOKEN_YEAR}))?(?: (?:last|this|that|the same) year)?(?!\w)", 0.9, lambda m: _day_first(m), _I),
    Rule("DATE", rf"\b{_WEEKDAY}{_MONTH}\.? (?:the )?{_DAY}(?:,? {_YEAR})?(?![\w:%])", 0.85, lambda m: _month_first(m), _I),
    Rule("DATE", rf"\b(?:{_DAY} )?{_MONTH} (?:to|and|until|through|-) (?:{_DAY} )?{_MONTH},? {_YEAR}(?!\w)", 0.85, flags=_I),
    Rule("DATE", rf"\b{_MONTH}\.?(?: of|,)? {_YEAR}(?!\w)", 0.9, lambda m: not m.group()[0].islower() or not m.group().casefold().startswith(("may", "mar ")), _I),
    Rule("DATE", r"(?<![\w/.-])(?:0?[1-9]|[12]\d|3[01])(?P<s>[/.-])(?:0?[1-9]|1[0-2])(?P=s)(?:(?:19|20)\d\d|\d\d)(?![\w/-])(?!\.\d)", 0.85, lambda m: m["s"] != "." or len(m.group()) > 6),
    Rule("DATE", r"(?<![\w/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w/-])", 0.9),
    Rule("DATE", rf"\b(?:[Ee]arly|[Mm]id|[Ll]ate|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Cc]hristmas|[Ee]aster)(?: of)? (?P<x>(?:19|20)\d\d)\b", 0.5, lambda m: False),
    Rule("DATE", r"\b(?P<x>(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Cc]hristmas|[Ee]aster|New Year's Eve)(?: of)? (?:(?:19|20)\d\d|'\d\d))\b", 0.7),
)


def _month_first(match: Match) -> bool:
    """"May 12" is a date; "may 3 times" is not."""
    text = match.group()
    return bool(regex.search(r"\d(?:st|nd|rd|th)|\d{4}$", text)) or not regex.match(r"(?:may|mar|march|dec|sun|sat)\b", text)


def _day_first(match: Match) -> bool:
    """"10 may be enough" and "3 march on" are no dates."""
    text = match.group()
    return bool(regex.search(r"(?i)\d(?:st|nd|rd|th)|\d{4}$| of ", text)) or not regex.search(r"\b(?:may|mar|march|dec)$", text)


_TENS = r"(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)"
_UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_NUMBER = rf"(?:\d{{1,2}}|10\d|{_TENS}(?:[ -]{_UNITS})?|(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen))"
_SMALL = rf"(?:{_NUMBER}|{_UNITS})"
_RELATIVE = r"(?:son|daughter|lad|girl|boy|mum|dad|mother|father|nan|gran|grandad|grandmother|grandfather|wife|husband|brother|sister|kid|child|eldest|youngest|nephew|niece|grandson|granddaughter|man|woman|officer|sergeant|victim|suspect|pensioner|teenager|lady|colleague|bloke|guy|chap|witness|caller|patient)"
_THING = r"(?:systems?|laptops?|computers?|kit|software|database|technology|tech|phones?|cars?|vans?|buildings?|servers?|radios?|machines?|desktops?|infrastructure|PCs?|applications?|apps?|contracts?|platforms?|code|hardware|equipment|tablets?|devices?|printers?|monitors?|screens?|keyboards?|deal|plan|problem|policy|law|legislation|backlog|project|programme|version|spreadsheet|process|data|records?|files?|crimes?|cases?|murder|framework|Windows|website|interface|network|cameras?|vehicles?|estate|station|handsets?|tape|disks?|drive|cable|sentence|term|strategy|mainframe|jobs?|careers?|investigations?|warrants?|ban|order|lease)"
_AFTER_AGE = r"(?=\s*(?:[,.;:!?)\-]|$|I think|I'd say|I (?:think|reckon|guess)|at most|and\b|but\b|now\b|next\b|so\b|years? old|this (?:year|month|week)|when\b|in [A-Z]|with\b|not\b|or\b|yrs?\b|tomorrow|last\b|at the time|then\b))"

_NOT_AGE_UNIT = r"(?! ?(?:%|per ?cent|percent|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years? (?!old|of age)|yrs? (?!old)|miles?|times|people|officers|staff|stone|kg|metres?|feet|foot|jobs?|cases?|calls?|e-?mails?|deep|behind|short|down|pages?|clicks?|steps?|shifts?|of (?:us|them|those|the)|or so (?:minutes|hours)|in the queue|th\b|st\b|rd\b|pounds?|quid|grand|seconds?|secs?|[./:]\d|out of|on the list|passwords?|systems?|screens?|log-?ins?|ish minutes|km|mph|degrees))"

AGES = (
    Rule("AGE", rf"\b(?:I'm|I am|I was|I'll be|he's|she's|he was|she was|he is|she is)(?: only| just| about| nearly| almost| now| over| already| a)? (?P<x>1[6-9]|[2-7]\d|{_TENS}(?:[ -]{_UNITS})?)\b{_NOT_AGE_UNIT}", 0.75, flags=_I),
    Rule("AGE", rf"\b(?:pushing|nearly|approaching|hitting|hit|turned|turn|wrong side of|right side of|not far off|coming up to|the far side of) (?P<x>{_TENS}|[3-7]0)\b{_NOT_AGE_UNIT}", 0.65, lambda m: not regex.search(r"(?i)nearly|approaching|hit", m.group()) or bool(regex.search(r"(?i)\b(?:I'm|I am|he's|she's|who's|mum|dad|is|was)\s$", m.string[max(0, m.start() - 8) : m.start()])), _I),
    Rule("AGE", rf"\b(?:when (?:I|he|she) (?:was|were|turned)) (?P<x>{_SMALL}){_AFTER_AGE}", 0.75),
    Rule("AGE", rf"\bages? (?:of )?(?P<x>{_SMALL})(?:(?:, |,? and | to | or )(?P<x>{_SMALL}))*\b(?! ?(?:%|hours|minutes))", 0.75),
    Rule("AGE", r"\b[A-Z][a-z]+(?:,? ?\((?P<x>\d{2})\)|, (?P<x>\d{2}),)", 0.7),
    Rule("AGE", rf"\b(?P<x>{_TENS})[ -](?:odd|something)\b(?! (?:minutes|hours|systems|people|jobs|calls|quid))", 0.6, flags=_I),
    Rule("AGE", r"\b(?P<x>\d{1,2} (?:months|weeks)) old\b", 0.7, lambda m: _of_a_person(m)),
    Rule("AGE", rf"\b[Aa]t (?P<x>{_TENS}[ -]{_UNITS}),? (?:I|I'm|I've|he|she)\b", 0.75),
    Rule("AGE", rf"\b[Aa]ged?(?: of| at| about| only| just|:)? (?P<x>{_NUMBER})\b(?! ?(?:%|hours|days|minutes|months|to \d|-\d))", 0.9),
    Rule("AGE", rf"\b[Aa]ged? (?:of )?(?P<x>{_UNITS})\b(?! (?:months|weeks|days|of))", 0.7),
    Rule("AGE", rf"(?<![\w.-])(?P<x>{_SMALL})[ -](?:years?|yrs?)[ -]old\b(?![ -]{_THING}\b)(?! \w+ {_THING}\b)", 0.85, lambda m: _of_a_person(m), _I),
    Rule("AGE", rf"(?<![\w.-])(?P<x>\d{{1,2}})[ -]?(?:yo|y/o|y\.o\.)(?!\w)", 0.85),
    Rule("AGE", rf"\b(?:I'm|I am|I was|he's|she's|he is|she is|he was|she was|who's|who is|who was|he'd be|she'd be|he'll be|she'll be|would be|I'd be|[Tt]hey're|being|been|am|turned|turning|turn|I'll be|just gone)(?: only| just| about| nearly| almost| now| over| already)? (?P<x>{_NUMBER}){_AFTER_AGE}(?!\s*(?:in (?:the queue|line)|and a half (?:hours|minutes)|or \w+ (?:hours|minutes|miles|years in)))(?! (?:years?|yrs) (?!old))", 0.8, lambda m: not m.string[m.end("x") : m.end("x") + 1] == ":", _I),
    Rule("AGE", r"\bin (?:my|his|her|their)(?: early| mid| late|-)?[- ]?(?P<x>(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|[2-9]0'?s))\b", 0.8, flags=_I),
    Rule("AGE", rf"\b(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]he|[Tt]heir|[Aa]) (?:\w+ )?{_RELATIVE}(?:'s|,)? (?:is |was |who is |who's |who was )?(?:about |only |just |maybe |nearly |almost |all of )?(?P<x>{_SMALL}){_AFTER_AGE}", 0.8),
    Rule("AGE", r"\b[Aa]t (?P<x>(?:2[5-9]|[3-7]\d)),? (?:I|I'm|I've|he|she|he's|she's|my)\b", 0.75),
    Rule("AGE", rf"\b(?:an?|the) (?:\w+ )?{_RELATIVE} of (?P<x>{_NUMBER})\b(?! (?:years'?|%|per|us|them|officers|people))", 0.75),
    Rule("AGE", rf"\b(?P<x>{_NUMBER}) (?:next|this|on my (?:next|last)) birthday\b", 0.85),
    Rule("AGE", r"\b(?:man|woman|girl|boy|lad|male|female|officer|victim|suspect|pensioner|teenager|lady)(?: \w+)?, (?P<x>\d{2})(?=,)", 0.8),
    Rule("AGE", r"\b(?:born in|[Dd]\.?[Oo]\.?[Bb]\.?:?) (?P<x>(?:19|20)\d\d)\b", 0.75),
    Rule("AGE", rf"(?<!\w)(?P<x>{_NUMBER}) years (?:of age|young)\b", 0.85),
)


def _of_a_person(match: Match) -> bool:
    """"A system that is ten years old" is about a thing; look back in the clause for one."""
    before = match.string[max(0, match.start() - 60) : match.start()]
    clause = regex.split(r"[.;!?\n]", before)[-1]
    return not regex.search(rf"(?i)\b(?:{_THING}|it|it's|that's|they're|which|these|those|are|stuff|everything)\b[^.;]{{0,25}}$", clause)


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

_WHERE = r"(?:in|at|on|across|within|for|covering|left in) (?:(?:the|our|my|this|all|of|whole|entire|three|two) ){0,3}(?:force|forces|county|counties|region|station|building|unit|team|shift|nights|rank|district|division|department|office|country|constabulary|north|south|east|west|valley|area|borough|service|section|HQ|headquarters|nick|company|firm|squad|town|city|island|site|[A-Z][\w'-]+)\\b"
_MORE = r"(?: (?:in|at|on|of|for|and|with|to|who|that|covering|across|north|south) (?:(?:the|our|my|a|an) )?(?!(?:I|it|we|they|he|she|that|so|this|you|if|when)\b)[\w'-]+){0,3}(?<! (?:and|with|to|who|that))"
_NO_PERSON = r"(?:thing|way|time|reason|problem|option|difference|place|bit|part|issue|downside|system|laptop|terminal|computer|printer|machine|scanner|van|car|vehicle|database|screen|software|app|room|phone|radio|camera|kit|tablet|desk|drawback|point|answer|solution|choice|exception|complaint|information|means|network|server|data|form|key|copy|signal|socket|plug|chair|kettle|light|force|day|night|hour|site|tool|product|supplier of|improvement|change|good|upside|document|spreadsheet|file|record|link|button|feature|search|report|training|course|field|area|hope|one that|other)s?"

ROLES = (
    Rule("ROLE", rf"\b(?P<x>only (?!{_NO_PERSON}\b)(?:[\w'-]+ ){{0,6}}?{_WHERE}{_MORE})", 0.7, lambda m: _about_a_person(m)),
    Rule("ROLE", rf"\b(?P<x>one of (?:only |just |the )?(?:two|three|four|five|2|3|4|5) (?!{_NO_PERSON}\b)(?:[\w'-]+ ){{1,5}}?{_WHERE}{_MORE})", 0.65, lambda m: _about_a_person(m), _I),
    Rule("ROLE", r"(?<=[a-z,] )(?P<x>(?:Force|County|Regional|National|Deputy|Assistant|Senior|Strategic|Principal) (?:[A-Z][a-z]+ ){1,4}(?:Registrar|Lead|Director|Commander|Champion|Coordinator|Co-ordinator|Secretary|Chair|Manager|Officer|Adviser|Advisor|Accountant|Solicitor|Custodian|Librarian|Engineer|Architect))\b", 0.65, lambda m: not gazetteer.is_kept(m.group())),
    Rule("ROLE", r"\b(?P<x>(?:Force|Chief|County) (?:Crime |Incident |Data |Vetting |Records |Wellbeing |Medical |Clinical |Firearms |Surgeon |Legal )*(?:Registrar|Surgeon|Solicitor|Accountant|Chaplain|Armourer|Librarian|Statistician|Scientist|Architect|Engineer|Analyst))\b", 0.7),
    Rule("ROLE", r"(?<=\b(?:the|our|as|am|a|my|as the|an?) )(?P<x>(?:[A-Z][a-z]+ (?:and |& )?){1,4}(?:Lead|Registrar|Coordinator|Co-ordinator|Commander|Champion|Director|Ambassador|Tsar|Commissioner))\b", 0.6, lambda m: not gazetteer.is_kept(m.group()) and not regex.match(r"(?:Information|Biometrics|Surveillance|Police and Crime|Deputy|Assistant|Team|Project|Tactical|Silver|Gold|Bronze|Strategic Firearms) ", m.group())),
    Rule("ROLE", rf"\bthe (?P<x>only (?:[\w'-]+ ){{0,5}}?{_JOB}(?: [\w'-]+){{0,3}}? (?:in|at|on|across|within|for|with|left|from|covering) {_Y})", 0.75, lambda m: _unique(m), _I),
    Rule("ROLE", rf"\b(?:[Aa]s|I'm|I am|I was|being|she's|he's|is|was) (?:one of )?the (?P<x>only (?:[\w'-]+ ){{0,4}}{_JOB})\b", 0.7, lambda m: _unique(m)),
    Rule("ROLE", rf"\b(?:I'm|I am|I was|we're|we are) (?:the |our )?(?P<x>(?:force'?s?|county'?s?|region'?s?|unit'?s?) (?:only|sole|first) (?:[\w-]+ ){{0,4}}?{_JOB})", 0.75),
    Rule("ROLE", rf"\bthe (?P<x>(?:first|last|sole|youngest|oldest|longest[- ]serving|most senior) (?:(?:ever|openly|and|only) )*(?:female|woman|black|asian|sikh|muslim|gay|trans|deaf|disabled|civilian|wheelchair|jewish|hindu|polish|somali|[\w-]+ ){{0,3}}?{_JOB}(?: to| in| at| on| across| ever| for) {_Y})", 0.7, lambda m: _unique(m), _I),
    Rule("ROLE", r"\b(?:(?:Deputy|Assistant|Interim|Acting|Joint|Associate|Regional|Strategic|National|Global|Group) )*(?:Head|Director|Chief|Superintendent|Commander|Inspector|Manager|Lead|Leader|Officer|Coordinator|Champion|SPOC|Chair|Secretary|Registrar|Professor|Lecturer) (?:of|for) (?:the )?[A-Z][\w&-]+(?:(?: and| &|,| for| of| in| at)? [A-Z][\w&-]+){0,6}", 0.7, lambda m: not _generic_title(m)),
    Rule("ROLE", r"\b(?:the|our|my|his|her|as|former|deputy) (?P<x>(?:(?:deputy|assistant|former|acting|interim) )?(?:head|director) of (?:(?!(?:is|was|said|told|who|has|had|to|in|at|for|when|that|came|left|wants|the|a|an|steam|state|it|this|our|my|their|these|those|them|us)\b)[\w&-]+ ?){1,3})(?<! )", 0.6, lambda m: not regex.search(r"\bof (?:and|or)\b", m.group())),
    Rule("ROLE", r"\bChief (?:Information|Data|Technology|Technical|Digital|Finance|Financial|Operating|Procurement|Executive|Scientific|Medical|People|Security|Product|Commercial|Innovation|Nursing|Analytics)(?: Security)?(?: and \w+)? Officer\b", 0.75),
    Rule("ROLE", r"\b(?:[Tt]he |[Oo]ur |[Mm]y )?(?P<x>(?:national|regional|force|county|county-wide|strategic) (?:[\w-]+ ){0,3}(?:lead|co-?ordinator|champion|tsar|SPOC)(?: for (?:[\w-]+ ?){1,4})?)\b", 0.6, lambda m: _own(m)),
    Rule("ROLE", r"\b(?:I'm|I am|I was|as) (?:the |our )?(?P<x>(?:(?:[Dd]eputy|[Aa]ssistant|[Ii]nterim|[Aa]cting|[Jj]oint|[Ff]ormer) )?(?:[Hh]ead|[Dd]irector|[Cc]hair|[Ss]ecretary|[Ll]ead|[Cc]hief) (?:of|for) (?:[\w&-]+ ?){1,4})(?=[,.;:]|$| at | in | for )", 0.7),
    Rule("ROLE", r"\b(?P<x>(?:ACC|DCC|DCI|Supt|Superintendent|Ch Supt|Chief Superintendent|Chief Inspector|Commander) (?:for|of|in charge of|responsible for|over) (?:[\w-]+ ?){1,3})(?=[,.;:]|$| (?:told|said|has|is|was|did|and|came|who|in|at)\b)", 0.65),
    Rule("ROLE", r"\b(?P<x>(?:[A-Z][a-z]+ )?(?:Superintendent|Inspector|Sergeant|Commander|Director|Commissioner|Secretary) \((?!retired)[^)]{3,30}\))", 0.6),
)
_NOT_UNIQUE = regex.compile(r"(?i)^only (?:\w+ )?(?:thing|way|time|reason|problem|option|difference|place|bit|part|issue|good|real|downside|system|one thing|people who|ones?\b (?:that|which)|other|point|answer|solution|choice|exception|complaint|man in the world|information|means)\b")


def _unique(match: Match) -> bool:
    return not _NOT_UNIQUE.match(match["x"]) and not regex.match(r"(?i)(?:first|last|sole) (?:one|person|unit|team|company)\b", match["x"])


_PERSON_WORDS = regex.compile(rf"(?i)\b(?:{_JOB}|with (?:a |the )|trained|qualified|who|me|female|male|doing)\b")


def _about_a_person(match: Match) -> bool:
    """Somebody is unique here, not something: a job is named, or the sentence says who."""
    before = match.string[max(0, match.start() - 22) : match.start()]
    said = regex.search(r"(?i)\b(?:I'm|I am|I was|as|being|he's|she's|she is|he is|he was|she was|me,?|my|we're) (?:the |still the |now the |currently the )?$", before)
    return bool(said or _PERSON_WORDS.search(match["x"]))


def _own(match: Match) -> bool:
    before = match.string[max(0, match.start("x") - 25) : match.start("x")].casefold()
    return bool(regex.search(r"(?:i'm|i am|i was|as|is|was|became|being|role) (?:the |our |my |a )?$", before))


def _generic_title(match: Match) -> bool:
    return bool(regex.match(r"(?:Director of Public Prosecutions|Chief of Staff|Secretary of State|Head of State|Leader of the)", match.group()))


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
    Rule("UNIT", rf"\b{_COMPASS}(?: (?:{_COMPASS}|Area|and|&))* (?:BCU|LPA|Hub|Command|Division|CID|Custody|Area|Sector|LPU|Response|NPT|Team|Cluster|Locality|Basic Command Unit)\b", 0.7),
    Rule("UNIT", rf"\b(?:{_PHONETIC} (?:[Tt]eam|[Ss]hift|[Rr]elief|[Ss]ection|[Ww]atch|[Bb]lock)|(?:[Tt]eam|[Ss]hift|[Rr]elief|[Ww]atch) {_PHONETIC})\b", 0.75),
    Rule("UNIT", rf"\b{_PHONETIC} (?:{_PHONETIC} )?\d{{1,3}}\b", 0.7),
    Rule("UNIT", r"\b(?:[Gg]roup|[Tt]eam|[Rr]elief|[Ss]hift|[Rr]ota|[Ss]erial) (?:[1-9A-F]|one|two|three|four|five|six)\b(?=[,.;]| (?:at|in|on|is|was|are|were|and|have|had|got)\b)(?! (?:and|or) (?:two|three|four))", 0.6),
    Rule("UNIT", r"\b(?:[Tt]ri|[Bb]i)-?[Ff]orce(?: [A-Z][\w-]+| [a-z]+(?= (?:team|unit|section)))*(?: (?:[Tt]eam|[Uu]nit|[Ss]ection|[Dd]ogs?|ICT))?", 0.8),
    Rule("UNIT", rf"\b(?P<name>(?:{_CAP} (?:and |& |of )?){{1,4}}){_TEAM}\b", 0.7, _named_unit),
    Rule("UNIT", r"\b(?:[A-F]|[1-9]|Red|Blue|Green|Amber|Yellow|Purple) (?:[Ss]hift|[Rr]elief|[Ww]atch|[Bb]lock|[Dd]iv(?:ision)?|[Ss]ection|[Tt]eam|[Rr]ota)\b(?! (?:pattern|work|system))", 0.7, lambda m: not regex.match(r"\d [Ss]hift|A (?:shift|team|rota|section|division|block|watch|relief)", m.group()) or m.start() > 0 and m.string[m.start() - 2 : m.start()] in {"n ", "r "}),
    Rule("UNIT", r"\b(?:Team|Shift|Relief|Block|Division|Rota|Watch|Section) (?:[A-F]|[1-9])\b(?![/\d.])", 0.65, lambda m: not m.group().startswith("Section")),
    Rule("UNIT", r"\b(?P<x>(?:Operation|Op) (?P<name>[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?))\b", 0.85, lambda m: not gazetteer.is_kept(m.group()) and m["name"].casefold() not in {"room", "rooms", "manager", "order", "centre", "support"}),
    Rule("UNIT", r"\b[Cc]all ?sign,? (?:is |was )?(?P<x>[A-Z]{1,5}[ -]?\d{1,4}[A-Z]?)\b", 0.85),
    Rule("UNIT", r"\b(?:ERSOU|NEROCU|EMSOU|SEROCU|SWROCU|WMROCU|NWROCU|YHROCU|RART|TITAN|Tarian|TARIAN|Zephyr|MetCC|MetHQ|SCD\d+|SO\d{1,2}|CO\d{2}|MO\d{1,2}|BEH|BSCF)\b", 0.7, lambda m: m.group() not in {"SO15"}),
    Rule("UNIT", rf"\b(?P<x>{_CAP}(?: (?:and |& )?{_CAP}){{0,2}} (?:NPT|SNT|LPT|LPU|NPU|RPU|MASH|CIT|LPA|LPAs|IPT|TPT|DAIT|MIT|MIU|CIU|RPT|SOIT|FMIT|CAIT|CAIU|DAU|VPU))\b", 0.75, lambda m: not gazetteer.is_ordinary(m["x"].split()[0]) and m["x"].split()[0] not in {"NPT", "SNT"} and not gazetteer.is_kept(m["x"].split()[0])),
)

_CONDITION = (
    r"(?:PTSD|C-PTSD|ADHD|ADD|autis\w+|Asperger'?s?|dyslexi[ac]\w*|dyspraxi[ac]\w*|dyscalculia|epilep\w+|diabet\w+|asthma\w*|cancer|leuk\w?aemia|"
    r"lymphoma|melanoma|tumou?r|chemo(?:therapy)?|radiotherapy|dialysis|stroke|heart attack|heart condition|heart failure|pacemaker|bypass|angina|"
    r"hypertension|high blood pressure|multiple sclerosis|\bMS\b(?! Teams| Office| Word| Excel)|Parkinson'?s(?: disease)?|Crohn'?s(?: disease)?|colitis|IBS|coeliac|"
    r"arthritis|fibromyalgia|chronic fatigue|ME/CFS|long covid|lupus|psoriasis|eczema|migraines?|vertigo|tinnitus|hearing aids?|hearing loss|"
    r"cochlear implant|visually impaired|partially sighted|colou?r[- ]?blind|macular degeneration|glaucoma|cataracts?|wheelchair|prosthetic(?: \w+)?|"
    r"amput\w+|crutches|slipped discs?|sciatica|scoliosis|carpal tunnel|RSI|repetitive strain|broken (?:leg|arm|ankle|wrist|back|neck|hip)|"
    r"fractured \w+|ruptured \w+|torn \w+|hip replacement|knee replacement|hysterectomy|miscarriages?|stillb\w+|IVF|pregnan\w+|menopaus\w+|endometriosis|"
    r"post[- ]?natal depression|depression|anxiety(?: disorder| attacks)?|panic attacks?|bipolar(?: disorder)?|schizophrenia|psychosis|eating disorder|anorexia|bulimia|OCD|"
    r"nervous breakdown|breakdown|suicid\w+|overdose|self[- ]harm\w*|alcoholi\w+|dementia|Alzheimer'?s|HIV|hepatitis(?: [ABC])?|tuberculosis|sepsis|"
    r"brain injury|head injury|concussion|coma|seizures?|blackouts|narcolepsy|sleep apn\w+|kidney (?:failure|transplant|disease)|liver transplant|transplant|"
    r"stoma|colostomy|catheter|insulin|cystic fibrosis|sickle cell|Tourette'?s|cerebral palsy|spina bifida|Down'?s syndrome|learning disabilit\w+|"
    r"stammer|stutter|chemical burns|shot in the \w+|stabbed(?: in the \w+)?|"
    r"operation on (?:my|his|her) \w+|surgery|spinal injury|back injury|knee injury|shoulder injury|bad back|dodgy knee|bad knee)"
)
_QUALITY = (
    r"(?:(?:a|an|early[- ]onset|breast|prostate|lung|bowel|skin|testicular|cervical|ovarian|throat|brain|kidney|liver|heart|second|first|third|major|"
    r"minor|massive|mild|severe|severely|chronic|acute|complex|clinical|post-?natal|generalised|crippling|bad|rheumatoid|type|one|two|1|2|stage|advanced|"
    r"terminal|undiagnosed|lifelong|photosensitive|partial|partially|profoundly|registered|born|both|also|quite|very|\w+ months|\w+ weeks|\d+ months|\d+ weeks|insulin[- ]dependent|heavily|recurrent|spinal|slipped) )*"
)

_MEDICAL = r"(?:insulin|anti-?depressants?|medication|wheelchair|crutches|hearing aids?|painkillers|beta blockers|HRT|cane|walking stick|guide dog|assistance dog|lithium|statins|inhaler|methadone|screen reader|prosthesis|steroids|morphine|oxygen|catheter|stoma|walking frame|blood thinners|anti-?psychotics?|sleeping tablets|chemo|dialysis)"

_ANYONE = r"(?:I|I'm|I've|I'd|my|me|he|she|he's|she's|his|her|colleague|sergeant|sarge|inspector|wife|husband|partner|son|daughter|mum|dad|mother|father|brother|sister|lad|man|woman|girl|boy|lady|who)"

HEALTH = (
    Rule("HEALTH", rf"\b{_ANYONE}\b[^.!?;\n]{{0,45}}?\b(?P<x>{_QUALITY}{_CONDITION})(?!\w)", 0.6, lambda m: _is_health(m) and not _at_work(m), _I),
    Rule("HEALTH", r"\ban? (?P<x>(?:profoundly |partially |registered )?(?:deaf|blind|diabetic|autistic|epileptic|dyslexic|disabled|pregnant|paralysed|bipolar|schizophrenic|suicidal)) (?:man|woman|lady|girl|boy|lad|officer|colleague|sergeant|victim|witness|PC|person|analyst|child|teenager|dad|mum|son|daughter|PCSO)\b", 0.75),
    Rule("HEALTH", r"\b(?P<x>(?:going|gone|went) (?:blind|deaf)(?: in (?:one|my|his|her) (?:left |right )?(?:eye|ear))?|losing (?:my|his|her) (?:sight|hearing|eyesight)|hard of hearing|chemo(?:therapy)?|radiotherapy|mastectomy|hysterectomy|miscarriage|going through the (?:menopause|change)|IVF)(?!\w)", 0.65, lambda m: m.string[m.start() - 1 : m.start()] != "-"),
    Rule("HEALTH", rf"\b(?:diagnos(?:ed|is)(?: (?:with|of|as))?|suffer(?:s|ed|ing)? (?:from|with)|living with|lives with|lived with|recover(?:ing|ed|y) from|treat(?:ed|ment) for|off (?:sick )?(?:with|for|after)|signed off (?:with|for|after)|registered|born|because of my|due to my|on account of my|manage my|through my|with my|since my|after my|after an?|after having|following an?|waiting for an?|need(?:ed|ing)? an?|despite my|my|his|her) (?:[\w'-]+ ){{0,3}}?(?P<x>{_QUALITY}{_CONDITION})(?!\w)", 0.75, lambda m: _is_health(m), _I),
    Rule("HEALTH", rf"\b(?:I|he|she|who)(?:'ve| have|'s| has|'d| had)(?: got| been| a| an| also| recently| just)* (?:[\w-]+ ){{0,2}}?(?P<x>{_QUALITY}{_CONDITION})(?!\w)", 0.75, lambda m: _is_health(m), _I),
    Rule("HEALTH", rf"\b(?:I'm|I am|I was|he's|he is|he was|she's|she is|she was|being|who is|who's|I've been|as an?|am an?|born|gone|went|registered) (?:(?:also|an?|both|quite|very|a bit|currently|and) ){{0,3}}(?P<x>{_QUALITY}(?:dyslexic|dyspraxic|autistic|epileptic|diabetic|asthmatic|deaf|blind|disabled|bipolar|pregnant|colou?r[- ]?blind|partially sighted|visually impaired|hard of hearing|neurodiver\w+|neurodivergent|wheelchair user|amputee|coeliac|a recovering alcoholic|HIV positive|menopausal|in remission|terminally ill|in a wheelchair|on chemo|on dialysis|on crutches|in hospital)(?! (?:to|on|by|in)\b)(?: in (?:one|my|his|her|both) (?:left |right )?(?:ears?|eyes?))?)(?!\w)", 0.8, lambda m: _is_health(m), _I),
    Rule("HEALTH", r"\b(?:he|she|I|colleague|officer|sergeant|husband|wife|partner) (?:had|has|suffered|was having|is having) (?:a |an |her |his |my )?(?P<x>(?:major |minor |massive |second |first |triple |double )?(?:heart attack|stroke|breakdown|mastectomy|miscarriage|stillbirth|seizure|transplant|hysterectomy|bypass|brain haemorrhage|aneurysm|amputation|hip replacement|hip op|knee op|overdose))\b", 0.8),
    Rule("HEALTH", r"\b(?P<x>(?:shot|stabbed|slashed|bitten) in the (?:leg|arm|back|neck|face|chest|stomach|hand|foot|head|shoulder))\b", 0.8),
    Rule("HEALTH", r"\b(?:my|his|her) (?P<x>(?:guide dog|hearing aids?|wheelchair|insulin pump|pacemaker|prosthetic \w+|false leg|cochlear implant|stoma(?: bag)?|walking frame|medication for \w+))\b", 0.8),
    Rule("HEALTH", rf"\b(?:I|he|she|who)(?:'m| am|'s| is| was|'ve been| have been)?(?: (?:take|takes|took|use|uses|need|needs|on|inject|injects|wear|wears|rely on|relies on|taking|using|wearing|still|now|also|back))+ (?P<x>(?:an? |my |his |her |daily |regular |strong )?{_MEDICAL})\b", 0.75, flags=_I),
    Rule("HEALTH", r"\b(?:I|he|she|who|(?:my|his|her) \w+)(?:'ve| have|'d| had)? (?:was|got|been|being|is) (?P<x>sectioned|hospitalised|stabbed|shot|amputated|bitten by a \w+|on life support|in intensive care|in a coma|run over)\b", 0.7),
    Rule("HEALTH", r"\b(?P<x>(?:no |lost (?:the |my |his |her )?|only have )?(?:sight|vision|hearing) in (?:one|my|his|her|only one) (?:left |right )?(?:eye|ear))\b", 0.8),
    Rule("HEALTH", r"\b(?:I|he|she|who) (?P<x>(?:lost|broke|fractured|ruptured|tore|shattered|snapped) (?:my|his|her|an?|two|three) (?:(?:left|right|lower|upper) )?(?:leg|arm|ankle|wrist|back|neck|hip|knee|shoulder|collarbone|pelvis|eye|fingers?|thumb|hand|foot|toes?|teeth|kidney|leg|ACL|achilles|cruciate|jaw|sight|hearing)\b)", 0.75, flags=_I),
)
_METAPHOR = regex.compile(r"(?i)\b(?:blind (?:spot|eye|alley|panic)|deaf ears|heart attack (?:when|every time)|drives? (?:me|us|you) |nearly had|almost had|gives? (?:me|us|you)|system|laptop|computer)\b")


_WORK = regex.compile(r"(?i)\b(?:victims?|jobs?|calls?|training|awareness|policy|policies|crisis|community|public|patients|members|suspects?|statistics|charit\w+|campaign|posters?|support groups?|network|officers with|people with|those with|cases of|attempt\w*|prevention|risk of|reports? of|threats? of)\b")


def _at_work(match: Match) -> bool:
    """Illness as the business of the police, not as somebody's own."""
    return bool(_WORK.search(match.group()) or _WORK.match(match.string[match.end() :].lstrip()))


def _is_health(match: Match) -> bool:
    """Figures of speech are not health: "nearly had a heart attack", "turned a blind eye"."""
    around = match.string[max(0, match.start() - 15) : match.end() + 12]
    return not _METAPHOR.search(around)


_KIN = r"(?:wife|husband|partner|fianc[eé]e?|ex-wife|ex-husband|ex|dad|father|mum|mother|brother|sister|son|daughter|twin|uncle|aunt|cousin|grandad|grandfather|granddad|nan|grandmother|in-law|father-in-law|mother-in-law|stepson|stepdaughter|stepdad|girlfriend|boyfriend|missus|other half|family|parents|kids|children|twins|triplets)"
_REST = r"(?:[^\s,.;:!?()]+ ){0,7}[^\s,.;:!?()]+"
_SERVICE = r"(?:police|force|officer|PC|DC|DS|DI|sergeant|sgt|inspector|superintendent|constable|copper|detective|control room|nick|chief|magistrate|judge|councillor|MP|barrister|solicitor|prison|nurse|paramedic|firefighter|soldier|supplier|vendor|company|dispatcher|traffic|custody|response|CID|job|shift|team|same \w+|in prison|inside|dealer|politician|union)s?"

FAMILY = (
    Rule("FAMILY", rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:late |ex-|twin |elder |older |younger )?{_KIN}'s (?:an?|in|at|on|also|the|been|a former) (?:[^\s,.;:!?()]+ ){{0,5}}?{_SERVICE}\b)", 0.65),
    Rule("FAMILY", rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>{_KIN}, (?:who(?:'s| is| was)?|an?|the|also|another|himself|herself) (?:[^\s,.;:!?()]+ ){{0,5}}?{_SERVICE}\b)", 0.65),
    Rule("FAMILY", r"\b(?P<x>(?:identical |newborn |premature |baby |adopted |conjoined )?(?:twins|triplets|quadruplets|twin (?:brother|sister|boys|girls|sons|daughters)))\b(?! (?:monitors?|screens?|tracks?))", 0.6),
    Rule("FAMILY", r"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er) (?P<x>(?:adopted|foster|stillborn|premature|disabled|autistic|deaf|severely disabled|step) ?(?:son|daughter|child|kids|children|boy|girl|baby|twins))\b", 0.7),
    Rule("FAMILY", rf"\b[Mm]y (?P<x>(?:late |ex-|twin |elder |older |younger |little |big |own )?{_KIN}(?:,? (?:and|or) (?:my )?{_KIN})?(?:,? who)? (?:is|was|are|were|also|works?|worked|serves?|served|runs?|ran|joined|retired|both|used to)\b (?:[^\s,.;:!?()]+ ){{0,6}}?{_SERVICE}\b)", 0.65),
    Rule("FAMILY", rf"\b(?P<x>married to (?:an?|another|the|my|his|her) {_REST})", 0.6, lambda m: "the job" not in m.group() and bool(regex.search(_SERVICE, m.group()))),
    Rule("FAMILY", r"\b(?P<x>(?:single|lone|widowed|adoptive|foster) (?:mum|mother|dad|father|parent|carer)(?: (?:of|to|with) (?:\w+ ){0,3}\w+)?)\b", 0.7),
    Rule("FAMILY", r"\b(?P<x>(?:mum|mother|dad|father|parent) (?:of|to) (?:\w+ )?(?:twins|triplets|two|three|four|five|six|seven|\d)(?: (?:boys|girls|kids|children|under \w+))?)\b", 0.7),
    Rule("FAMILY", r"\b(?P<x>(?:identical |my )?(?:twins?|triplets|quadruplets)(?: (?:brother|sister|boys|girls|daughters|sons))?)\b(?= (?:who|is|was|are|were|at|in|on|born|aged|and I)\b)", 0.6),
    Rule("FAMILY", r"\b(?P<x>(?:third|fourth|second|fifth|3rd|2nd|4th)[- ]generation (?:police(?: officer)?|copper|officer|cop|bobby|PC|constable|detective))\b", 0.75, flags=_I),
    Rule("FAMILY", rf"\b(?P<x>(?:(?:four|five|six|seven|eight|nine|ten|[4-9]) (?:kids|children|daughters|sons)|(?:widow|widower|orphan|divorced twice|adopted (?:two|three|a|our)[\w ]{{0,20}}|foster (?:two|three|children|kids|carer)\w*)))\b", 0.6, lambda m: bool(regex.search(r"(?i)\b(?:I|my|I've|I'm|we|our|he|she|has|have|a)\b[^.]{0,25}$", m.string[max(0, m.start() - 30) : m.start()]))),
    Rule("FAMILY", r"\b(?P<x>late (?:husband|wife|partner|father|mother|dad|mum|son|daughter|brother|sister|fiancee?))\b", 0.7),
    Rule("FAMILY", rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:late )?{_KIN} (?:died|passed away|was killed|killed himself|killed herself|took (?:his|her) own life|is dying|was murdered|went missing|has (?:autism|dementia|cancer|Down'?s|MS|Alzheimer'?s|cerebral palsy|leukaemia)){{1}}(?: [^\s,.;:!?()]+){{0,4}})", 0.7),
)
