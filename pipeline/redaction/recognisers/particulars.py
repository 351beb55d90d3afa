"""What singles a person out without naming them: dates, ages, unique roles, units, health and family."""

import regex

from pipeline.redaction import gazetteer
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|20)\d\d|'\d\d)"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?,? (?:the )?)?"

DATES = (
    Rule("DATE", rf"\b{_WEEKDAY}{_DAY}(?: of)? {_MONTH}\.?(?:,? {_YEAR})?(?!\w)", 0.9, flags=_I),
    Rule("DATE", rf"\b{_WEEKDAY}{_MONTH}\.? (?:the )?{_DAY}(?:,? {_YEAR})?(?![\w:%])", 0.85, lambda m: _month_first(m), _I),
    Rule("DATE", rf"\b{_MONTH}\.?(?: of|,)? {_YEAR}(?!\w)", 0.9, lambda m: not m.group()[0].islower() or not m.group().casefold().startswith(("may", "mar ")), _I),
    Rule("DATE", r"(?<![\w/.-])(?:0?[1-9]|[12]\d|3[01])(?P<s>[/.-])(?:0?[1-9]|1[0-2])(?P=s)(?:(?:19|20)\d\d|\d\d)(?![\w/-])(?!\.\d)", 0.85, lambda m: m["s"] != "." or len(m.group()) > 6),
    Rule("DATE", r"(?<![\w/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w/-])", 0.9),
    Rule("DATE", rf"\b(?:[Ee]arly|[Mm]id|[Ll]ate|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Cc]hristmas|[Ee]aster)(?: of)? (?P<x>(?:19|20)\d\d)\b", 0.5, lambda m: False),
    Rule("DATE", r"\b(?P<x>(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Cc]hristmas|[Ee]aster|New Year's Eve)(?: of)? (?:(?:19|20)\d\d|'\d\d))\b", 0.7),
)


def _month_first(match: Match) -> bool:
    """"May 12" is a date; "may 3 times" is not."""
    text = match.group()
    return text[0].isupper() or not text.startswith(("may", "mar ", "dec ", "sun", "sat"))


_TENS = r"(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)"
_UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_NUMBER = rf"(?:\d{{1,2}}|10\d|{_TENS}(?:[ -]{_UNITS})?|(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen))"
_SMALL = rf"(?:{_NUMBER}|{_UNITS})"
_THING = r"(?:systems?|laptops?|computers?|kit|software|database|technology|tech|phones?|cars?|vans?|buildings?|servers?|radios?|machines?|desktops?|infrastructure|PCs?|applications?|apps?|contracts?|platforms?|code|hardware|equipment|tablets?|devices?|printers?|monitors?|screens?|keyboards?|deal|plan|problem|policy|law|legislation|backlog|project|programme|version|spreadsheet|process|data|records?|files?|crimes?|cases?|murder|framework|Windows|website|interface|network|cameras?|vehicles?|estate|station|handsets?|tape|disks?|drive|cable|sentence|term|strategy|mainframe|jobs?|careers?|investigations?|warrants?|ban|order|lease)"
_AFTER_AGE = r"(?=\s*(?:[,.;:!?)\-]|$|and\b|but\b|now\b|next\b|so\b|years? old|this (?:year|month|week)|when\b|in [A-Z]|with\b|not\b|or\b|yrs?\b|tomorrow|last\b|at the time|then\b))"

AGES = (
    Rule("AGE", rf"\b[Aa]ged?(?: of| at| about| only| just|:)? (?P<x>{_NUMBER})\b(?! ?(?:%|hours|days|minutes|months|to \d|-\d))", 0.9),
    Rule("AGE", rf"\b[Aa]ged? (?:of )?(?P<x>{_UNITS})\b(?! (?:months|weeks|days|of))", 0.7),
    Rule("AGE", rf"(?<![\w.-])(?P<x>{_SMALL})[ -](?:years?|yrs?)[ -]old\b(?![ -]{_THING}\b)(?! \w+ {_THING}\b)", 0.85, lambda m: _of_a_person(m), _I),
    Rule("AGE", rf"(?<![\w.-])(?P<x>\d{{1,2}})[ -]?(?:yo|y/o|y\.o\.)(?!\w)", 0.85),
    Rule("AGE", rf"\b(?:I'm|I am|I was|he's|she's|he is|she is|he was|she was|who's|who is|who was|[Tt]hey're|being|been|am|turned|turning|turn|I'll be|just gone)(?: only| just| about| nearly| almost| now| over| already)? (?P<x>{_NUMBER}){_AFTER_AGE}(?!\s*(?:in (?:the queue|line)|and a half (?:hours|minutes)|or \w+ (?:hours|minutes|miles|years in)))(?! (?:years?|yrs) (?!old))", 0.8, lambda m: not m.string[m.end("x") : m.end("x") + 1] == ":", _I),
    Rule("AGE", r"\bin (?:my|his|her|their)(?: early| mid| late|-)?[- ]?(?P<x>(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|[2-9]0'?s))\b", 0.8, flags=_I),
    Rule("AGE", rf"\b(?:[Mm]y|[Hh]is|[Hh]er|[Oo]ur) (?:son|daughter|lad|girl|boy|mum|dad|mother|father|nan|gran|wife|husband|brother|sister|kid|eldest|youngest),? (?:is |was |who is |who's |who was )?(?P<x>{_NUMBER}){_AFTER_AGE}", 0.8),
    Rule("AGE", r"\b(?:man|woman|girl|boy|lad|male|female|officer|victim|suspect|pensioner|teenager|lady)(?: \w+)?, (?P<x>\d{2})(?=,)", 0.8),
    Rule("AGE", r"\b(?:born in|[Dd]\.?[Oo]\.?[Bb]\.?:?) (?P<x>(?:19|20)\d\d)\b", 0.75),
    Rule("AGE", rf"(?<!\w)(?P<x>{_NUMBER}) years (?:of age|young)\b", 0.85),
)


def _of_a_person(match: Match) -> bool:
    """"A system that is ten years old" is about a thing; look back in the clause for one."""
    before = match.string[max(0, match.start() - 60) : match.start()]
    clause = regex.split(r"[.;!?\n]", before)[-1]
    return not regex.search(rf"(?i)\b(?:{_THING}|it|it's|that's|they're|which|these|those|are|stuff|everything)\b[^,]*$", clause)


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

ROLES = (
    Rule("ROLE", rf"\bthe (?P<x>only (?:[\w'-]+ ){{0,5}}?{_JOB}(?: [\w'-]+){{0,3}}? (?:in|at|on|across|within|for|with|left|who|from|covering) {_Y})", 0.75, lambda m: _unique(m), _I),
    Rule("ROLE", rf"\b(?:[Aa]s|I'm|I am|I was|being|she's|he's|is|was) (?:one of )?the (?P<x>only (?:[\w'-]+ ){{0,4}}?{_JOB})\b", 0.7, lambda m: _unique(m)),
    Rule("ROLE", rf"\b(?:I'm|I am|I was|we're|we are) (?:the |our )?(?P<x>(?:force'?s?|county'?s?|region'?s?|unit'?s?) (?:only|sole|first) (?:[\w-]+ ){{0,4}}?{_JOB})", 0.75),
    Rule("ROLE", rf"\bthe (?P<x>(?:first|last|sole|youngest|oldest|longest[- ]serving|most senior) (?:(?:ever|openly|and|only) )*(?:female|woman|black|asian|sikh|muslim|gay|trans|deaf|disabled|civilian|wheelchair|jewish|hindu|polish|somali|[\w-]+ ){{1,3}}?{_JOB}(?: to| in| at| on| across| ever) {_Y})", 0.7, lambda m: _unique(m), _I),
    Rule("ROLE", r"\b(?:(?:Deputy|Assistant|Interim|Acting|Joint|Associate|Regional|Strategic|National|Global|Group) )*(?:Head|Director|Chief|Superintendent|Commander|Inspector|Manager|Lead|Leader|Officer|Coordinator|Champion|SPOC|Chair|Secretary|Registrar|Professor|Lecturer) (?:of|for) (?:the )?[A-Z][\w&-]+(?:(?: and| &|,| for| of)? [A-Z][\w&-]+){0,4}", 0.7, lambda m: not _generic_title(m)),
    Rule("ROLE", r"\bChief (?:Information|Data|Technology|Technical|Digital|Finance|Financial|Operating|Procurement|Executive|Scientific|Medical|People|Security|Product|Commercial|Innovation|Nursing|Analytics)(?: Security)?(?: and \w+)? Officer\b", 0.75),
    Rule("ROLE", r"\b(?:[Tt]he |[Oo]ur |[Mm]y )?(?P<x>(?:national|regional|force|county|county-wide|strategic) (?:[\w-]+ ){0,3}(?:lead|co-?ordinator|champion|tsar|SPOC)(?: for (?:[\w-]+ ?){1,4})?)\b", 0.6, lambda m: _own(m)),
    Rule("ROLE", r"\b(?:I'm|I am|I was|as) (?:the |our )?(?P<x>(?:[Hh]ead|[Dd]irector|[Cc]hair|[Ss]ecretary|[Ll]ead|[Cc]hief) (?:of|for) (?:[\w&-]+ ?){1,4})(?=[,.;:]|$| at | in | for )", 0.7),
    Rule("ROLE", r"\b(?P<x>(?:[A-Z][a-z]+ )?(?:Superintendent|Inspector|Sergeant|Commander|Director|Commissioner|Secretary) \((?!retired)[^)]{3,30}\))", 0.6),
)
_NOT_UNIQUE = regex.compile(r"(?i)^only (?:\w+ )?(?:thing|way|time|reason|problem|option|difference|place|bit|part|issue|good|real|downside|system|one thing|people who|ones?\b (?:that|which)|other|point|answer|solution|choice|exception|complaint|man in the world|information|means)\b")


def _unique(match: Match) -> bool:
    return not _NOT_UNIQUE.match(match["x"])


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
    return any(w not in _GENERIC_UNITS and not gazetteer.is_ordinary(w) for w in words) and not gazetteer.is_kept(match.group())


UNITS = (
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
    r"deaf(?: in (?:one|my|his|her) (?:left |right )?ear)?|blind(?: in (?:one|my|his|her) (?:left |right )?eye)?|stammer|stutter|disabled|chemical burns|shot in the \w+|stabbed(?: in the \w+)?|"
    r"operation on (?:my|his|her) \w+|surgery|spinal injury|back injury|knee injury|shoulder injury|bad back|dodgy knee|bad knee)"
)
_SOMEONE = r"(?:I|he|she|we|who|my \w+|his \w+|her \w+|our \w+|colleague|officer|sergeant|PC|victim|person)"

HEALTH = (
    Rule("HEALTH", rf"\b(?:diagnos(?:ed|is)(?: (?:with|of|as))?|suffer(?:s|ed|ing)? (?:from|with)|living with|lives with|lived with|recover(?:ing|ed|y) from|treat(?:ed|ment) for|off (?:sick )?(?:with|for|after)|signed off (?:with|for|after)|registered|born|because of my|due to my|on account of my|manage my|through my|with my|since my|after my|despite my|my|his|her) (?:[\w'-]+ ){{0,3}}?(?P<x>{_CONDITION})\b", 0.75, lambda m: _is_health(m), _I),
    Rule("HEALTH", rf"\b(?:I|he|she|who)(?:'ve| have|'s| has|'d| had)(?: got| been| a| an| also| recently| just)* (?:[\w-]+ ){{0,2}}?(?P<x>{_CONDITION})\b", 0.75, lambda m: _is_health(m), _I),
    Rule("HEALTH", r"\b(?:I'm|I am|I was|he's|he is|he was|she's|she is|she was|being|who is|who's|I've been|as an?|am an?) (?:(?:severely|profoundly|partially|also|an?|both|quite|very|a bit|mildly|registered|type \w+|insulin[- ]dependent|currently|\w+ months|heavily) ){0,3}(?P<x>dyslexic|dyspraxic|autistic|epileptic|diabetic|asthmatic|deaf|blind|disabled|bipolar|pregnant|colou?r[- ]?blind|partially sighted|visually impaired|hard of hearing|neurodiver\w+|neurodivergent|wheelchair user|amputee|coeliac|a recovering alcoholic|HIV positive|menopausal|in remission|terminally ill|in a wheelchair|on chemo|on dialysis|on crutches|in hospital)\b", 0.8, lambda m: _is_health(m), _I),
    Rule("HEALTH", r"\b(?:he|she|I|colleague|officer|sergeant|husband|wife|partner) (?:had|has|suffered|was having|is having) (?:a |an |her |his |my )?(?P<x>(?:major |minor |massive |second |first |triple |double )?(?:heart attack|stroke|breakdown|mastectomy|miscarriage|stillbirth|seizure|transplant|hysterectomy|bypass|brain haemorrhage|aneurysm|amputation|hip replacement|hip op|knee op|overdose))\b", 0.8),
    Rule("HEALTH", r"\b(?P<x>(?:shot|stabbed|slashed|bitten) in the (?:leg|arm|back|neck|face|chest|stomach|hand|foot|head|shoulder))\b", 0.8),
    Rule("HEALTH", r"\b(?:my|his|her) (?P<x>(?:guide dog|hearing aids?|wheelchair|insulin pump|pacemaker|prosthetic \w+|false leg|cochlear implant|stoma(?: bag)?|walking frame|medication for \w+))\b", 0.8),
    Rule("HEALTH", r"\b(?:I|he|she|who) (?:lost|broke|fractured|ruptured|tore|shattered|snapped) (?P<x>(?:my|his|her|an?|two|three) (?:(?:left|right|lower|upper) )?(?:leg|arm|ankle|wrist|back|neck|hip|knee|shoulder|collarbone|pelvis|eye|finger|thumb|hand|foot|ACL|achilles|cruciate|jaw|sight|hearing)\b)", 0.75, flags=_I),
)
_METAPHOR = regex.compile(r"(?i)\b(?:blind (?:spot|eye|alley|panic)|deaf ears|heart attack (?:when|every time)|drives? (?:me|us|you) |nearly had|almost had|gives? (?:me|us|you)|system|laptop|computer)\b")


def _is_health(match: Match) -> bool:
    """Figures of speech are not health: "nearly had a heart attack", "turned a blind eye"."""
    around = match.string[max(0, match.start() - 15) : match.end() + 12]
    return not _METAPHOR.search(around)


_KIN = r"(?:wife|husband|partner|fianc[eé]e?|ex-wife|ex-husband|ex|dad|father|mum|mother|brother|sister|son|daughter|twin|uncle|aunt|cousin|grandad|grandfather|granddad|nan|grandmother|in-law|father-in-law|mother-in-law|stepson|stepdaughter|stepdad|girlfriend|boyfriend|missus|other half|family|parents|kids|children|twins|triplets)"
_REST = r"(?:[^\s,.;:!?()]+ ){0,7}[^\s,.;:!?()]+"
_SERVICE = r"(?:police|force|officer|PC|DC|DS|DI|sergeant|sgt|inspector|superintendent|constable|copper|detective|control room|nick|chief|magistrate|judge|councillor|MP|barrister|solicitor|prison|nurse|paramedic|firefighter|soldier|supplier|vendor|company|dispatcher|traffic|custody|response|CID|job|shift|team)"

FAMILY = (
    Rule("FAMILY", rf"\b[Mm]y (?P<x>(?:late |ex-|twin |elder |older |younger |little |big |own )?{_KIN}(?:,? (?:and|or) (?:my )?{_KIN})?(?:,? who)? (?:is|was|are|were|also|works?|worked|serves?|served|runs?|ran|joined|retired|both|used to)\b (?:[^\s,.;:!?()]+ ){{0,6}}?{_SERVICE}\b)", 0.65),
    Rule("FAMILY", rf"\b(?P<x>married to (?:an?|another|the|my|his|her) {_REST})", 0.6, lambda m: bool(regex.search(_SERVICE, m.group()))),
    Rule("FAMILY", r"\b(?P<x>(?:single|lone|widowed|adoptive|foster) (?:mum|mother|dad|father|parent|carer)(?: (?:of|to|with) (?:\w+ ){0,3}\w+)?)\b", 0.7),
    Rule("FAMILY", r"\b(?P<x>(?:mum|mother|dad|father|parent) (?:of|to) (?:\w+ )?(?:twins|triplets|two|three|four|five|six|seven|\d)(?: (?:boys|girls|kids|children|under \w+))?)\b", 0.7),
    Rule("FAMILY", r"\b(?P<x>(?:identical |my )?(?:twins?|triplets|quadruplets)(?: (?:brother|sister|boys|girls|daughters|sons))?)\b(?= (?:who|is|was|are|were|at|in|on|born|aged|and I)\b)", 0.6),
    Rule("FAMILY", r"\b(?P<x>(?:third|fourth|second|fifth|3rd|2nd|4th)[- ]generation (?:police(?: officer)?|copper|officer|cop|bobby|PC|constable|detective))\b", 0.75, flags=_I),
    Rule("FAMILY", rf"\b(?P<x>(?:(?:four|five|six|seven|eight|nine|ten|[4-9]) (?:kids|children|daughters|sons)|(?:widow|widower|orphan|divorced twice|adopted (?:two|three|a|our)[\w ]{{0,20}}|foster (?:two|three|children|kids|carer)\w*)))\b", 0.6, lambda m: bool(regex.search(r"(?i)\b(?:I|my|I've|I'm|we|our|he|she|has|have|a)\b[^.]{0,25}$", m.string[max(0, m.start() - 30) : m.start()]))),
    Rule("FAMILY", rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:late )?{_KIN} (?:died|passed away|was killed|killed himself|killed herself|took (?:his|her) own life|is dying|was murdered|went missing|has (?:autism|dementia|cancer|Down'?s|MS|Alzheimer'?s|cerebral palsy|leukaemia)){{1}}(?: [^\s,.;:!?()]+){{0,4}})", 0.7),
)
