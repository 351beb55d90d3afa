"""Health and family, where they are somebody's own and not the business of the police."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction.conditions import CONDITION
from pipeline.redaction.recognisers.base import Match, Rule

_I = regex.IGNORECASE

_QUALITY = (
    r"(?:(?:a|an|early[- ]onset|vascular|paranoid|cervical|labral|frontal|breast|prostate|lung|bowel|skin|testicular|cervical|ovarian|throat|brain|kidney|liver|heart|second|first|third|major|"
    r"minor|massive|mild|severe|severely|chronic|acute|complex|clinical|post-?natal|generalised|crippling|bad|rheumatoid|type|one|two|1|2|stage|advanced|"
    r"terminal|undiagnosed|lifelong|photosensitive|partial|partially|profoundly|registered|born|both|also|quite|very|\w+ months|\w+ weeks|\d+ months|\d+ weeks|insulin[- ]dependent|heavily|recurrent|spinal|slipped) )*"
)

_MEDICAL = r"(?:insulin|anti-?depressants?|medication|wheelchair|crutches|hearing aids?|painkillers|beta blockers|HRT|cane|walking stick|guide dog|assistance dog|lithium|statins|inhaler|methadone|screen reader|prosthesis|steroids|morphine|oxygen|catheter|stoma|walking frame|blood thinners|anti-?psychotics?|sleeping tablets|chemo|dialysis)"

_ANYONE = r"(?:I|I'm|I've|I'd|my|me|he|she|he's|she's|his|her|colleague|sergeant|sarge|inspector|wife|husband|partner|son|daughter|mum|dad|mother|father|brother|sister|lad|man|woman|girl|boy|lady|who)"

HEALTH = (
    Rule("HEALTH", r"\b(?P<x>(?:taken|took|takes) an overdose)\b", 0.7),
    Rule(
        "HEALTH",
        r"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:bad |dodgy |left |right |lower |knackered |damaged |arthritic |poor |failing )?(?:back|knees?|hips?|shoulder|wrists?|neck|eyesight|hearing|heart|liver|kidneys?|spine|ankle|hands?) (?:went|gave out|is shot|is gone|has gone|has gone|packed up|operation|op|surgery|replacement|problems?|condition|injury|trouble|defect|failure|transplant))\b",
        0.7,
    ),
    Rule(
        "HEALTH",
        r"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:bad|dodgy|arthritic|failing|poor|knackered|prosthetic|false|artificial|paralysed) (?:back|knees?|hips?|shoulder|wrists?|eyesight|hearing|heart|leg|arm|hands?|eyes?|ears?))\b",
        0.65,
    ),
    Rule(
        "HEALTH",
        r"\b(?P<x>long[- ]term sick(?:ness)?|on the sick|(?:can't|cannot|couldn't) (?:see|hear) (?:out of|in|from) (?:my|one|his|her) (?:left |right )?(?:eye|ear)|no feeling in (?:my|one) \w+|(?:my|his|her) (?:diagnosis|remission|relapse|chemo|overdose|suicide attempt))\b",
        0.6,
    ),
    Rule(
        "HEALTH",
        rf"\b{_ANYONE}\b[^.!?;\n]{{0,45}}?\b(?P<x>{_QUALITY}{CONDITION})(?!\w)",
        0.6,
        lambda m: _is_health(m) and not _at_work(m),
        _I,
    ),
    Rule(
        "HEALTH",
        r"\ban? (?P<x>(?:profoundly |partially |registered )?(?:deaf|blind|diabetic|autistic|epileptic|dyslexic|disabled|pregnant|paralysed|bipolar|schizophrenic|suicidal)) (?:man|woman|lady|girl|boy|lad|officer|colleague|sergeant|victim|witness|PC|person|analyst|child|teenager|dad|mum|son|daughter|PCSO)\b",
        0.75,
    ),
    Rule(
        "HEALTH",
        r"\b(?P<x>(?:going|gone|went) (?:blind|deaf)(?: in (?:one|my|his|her) (?:left |right )?(?:eye|ear))?|losing (?:my|his|her) (?:sight|hearing|eyesight)|hard of hearing|chemo(?:therapy)?|radiotherapy|mastectomy|hysterectomy|miscarriage|going through the (?:menopause|change)|IVF)(?!\w)",
        0.65,
        lambda m: m.string[m.start() - 1 : m.start()] != "-",
    ),
    Rule(
        "HEALTH",
        rf"\b(?:diagnos(?:ed|is)(?: (?:with|of|as))?|suffer(?:s|ed|ing)? (?:from|with)|living with|lives with|lived with|recover(?:ing|ed|y) from|treat(?:ed|ment) for|off (?:sick )?(?:with|for|after)|signed off (?:with|for|after)|registered|born|because of my|due to my|on account of my|manage my|through my|with my|since my|after my|after an?|after having|following an?|waiting for an?|need(?:ed|ing)? an?|despite my|my|his|her) (?:[\w'-]+ ){{0,3}}?(?P<x>{_QUALITY}{CONDITION})(?!\w)",
        0.75,
        lambda m: _is_health(m),
        _I,
    ),
    Rule(
        "HEALTH",
        rf"\b(?:I|he|she|who)(?:'ve| have|'s| has|'d| had)(?: got| been| a| an| also| recently| just)* (?:[\w-]+ ){{0,2}}?(?P<x>{_QUALITY}{CONDITION})(?!\w)",
        0.75,
        lambda m: _is_health(m),
        _I,
    ),
    Rule(
        "HEALTH",
        rf"\b(?:I'm|I am|I was|he's|he is|he was|she's|she is|she was|being|who is|who's|I've been|as an?|am an?|born|gone|went|registered) (?:(?:also|an?|both|quite|very|a bit|currently|and) ){{0,3}}(?P<x>{_QUALITY}(?:dyslexic|dislexic|dyslectic|dyspraxic|autistic|epileptic|diabetic|asthmatic|deaf|blind|disabled|bipolar|pregnant|colou?r[- ]?blind|partially sighted|visually impaired|hard of hearing|neurodiver\w+|neurodivergent|wheelchair user|amputee|coeliac|a recovering alcoholic|HIV positive|menopausal|in remission|terminally ill|in a wheelchair|on chemo|on dialysis|on crutches|in hospital)(?! (?:to|on|by|in)\b)(?: in (?:one|my|his|her|both) (?:left |right )?(?:ears?|eyes?))?)(?!\w)",
        0.8,
        lambda m: _is_health(m),
        _I,
    ),
    Rule(
        "HEALTH",
        r"\b(?:he|she|I|colleague|officer|sergeant|husband|wife|partner) (?:had|has|suffered|was having|is having) (?:a |an |her |his |my )?(?P<x>(?:major |minor |massive |second |first |triple |double )?(?:heart attack|stroke|breakdown|mastectomy|miscarriage|stillbirth|seizure|transplant|hysterectomy|bypass|brain haemorrhage|aneurysm|amputation|hip replacement|hip op|knee op|overdose))\b",
        0.8,
    ),
    Rule(
        "HEALTH",
        r"\b(?P<x>(?:shot|stabbed|slashed|bitten) in the (?:leg|arm|back|neck|face|chest|stomach|hand|foot|head|shoulder))\b",
        0.8,
    ),
    Rule(
        "HEALTH",
        r"\b(?:my|his|her) (?P<x>(?:guide dog|hearing aids?|wheelchair|insulin pump|pacemaker|prosthetic \w+|false leg|cochlear implant|stoma(?: bag)?|walking frame|medication for \w+))\b",
        0.8,
    ),
    Rule(
        "HEALTH",
        rf"\b(?:I|he|she|who)(?:'m| am|'s| is| was|'ve been| have been)?(?: (?:take|takes|took|use|uses|need|needs|on|inject|injects|wear|wears|rely on|relies on|taking|using|wearing|still|now|also|back))+ (?P<x>(?:an? |my |his |her |daily |regular |strong )?{_MEDICAL})\b",
        0.75,
        flags=_I,
    ),
    Rule(
        "HEALTH",
        r"\b(?:I|he|she|who|(?:my|his|her) \w+)(?:'ve| have|'d| had)? (?:was|got|been|being|is) (?P<x>sectioned|hospitalised|stabbed|shot|amputated|bitten by a \w+|on life support|in intensive care|in a coma|run over)\b",
        0.7,
    ),
    Rule(
        "HEALTH",
        r"\b(?P<x>(?:no |lost (?:the |my |his |her )?|only have )?(?:sight|vision|hearing) in (?:one|my|his|her|only one) (?:left |right )?(?:eye|ear))\b",
        0.8,
    ),
    Rule(
        "HEALTH",
        r"\b(?:I|he|she|who) (?P<x>(?:lost|broke|fractured|ruptured|tore|shattered|snapped) (?:my|his|her|an?|two|three) (?:(?:left|right|lower|upper) )?(?:leg|arm|ankle|wrist|back|neck|hip|knee|shoulder|collarbone|pelvis|eye|fingers?|thumb|hand|foot|toes?|teeth|kidney|leg|ACL|achilles|cruciate|jaw|sight|hearing)\b)",
        0.75,
        flags=_I,
    ),
)
_METAPHOR = regex.compile(
    r"(?i)\b(?:blind (?:spot|eye|alley|panic)|deaf ears|heart attack (?:when|every time)|drives? (?:me|us|you) |nearly had|almost had|gives? (?:me|us|you)|system|laptop|computer)\b"
)


_WORK = regex.compile(
    r"(?i)\b(?:victims?|jobs?|calls?|training|awareness|policy|policies|crisis|community|public|patients|members|suspects?|statistics|charit\w+|campaign|posters?|support groups?|network|officers with|people with|those with|cases of|attempt\w*|prevention|risk of|reports? of|threats? of)\b"
)


def _at_work(match: Match) -> bool:
    """Illness as the business of the police, not as somebody's own."""
    return bool(_WORK.search(match.group()) or _WORK.match(match.string[match.end() :].lstrip()))


def _is_health(match: Match) -> bool:
    """Figures of speech are not health: "nearly had a heart attack", "turned a blind eye"."""
    if match["x"] in {"Ms", "ms"}:
        return False
    around = match.string[max(0, match.start() - 15) : match.end() + 12]
    return not _METAPHOR.search(around)


_KIN = r"(?:wife|husband|partner|fianc[eé]e?|ex-wife|ex-husband|ex|dad|father|mum|mother|brother|sister|son|daughter|twin|uncle|aunt|cousin|grandad|grandfather|granddad|nan|grandmother|in-law|father-in-law|mother-in-law|stepson|stepdaughter|stepdad|girlfriend|boyfriend|missus|other half|family|parents|kids|children|twins|triplets)"
_REST = r"(?:[^\s,.;:!?()]+ ){0,7}[^\s,.;:!?()]+"
_SERVICE = r"(?:police|force|officer|PC|DC|DS|DI|sergeant|sgt|inspector|superintendent|constable|copper|detective|control room|nick|chief|magistrate|judge|councillor|MP|barrister|solicitor|prison|nurse|paramedic|firefighter|soldier|supplier|vendor|company|dispatcher|traffic|custody|response|CID|job|shift|team|same \w+|in prison|inside|dealer|politician|union)s?"

FAMILY = (
    Rule(
        "FAMILY",
        rf"\b(?P<x>(?:who's|whose \w+ is|is|I'm|he's|she's) married to (?:an?|the|another) (?:[\w'-]+ ){{0,2}}?{_SERVICE}(?: (?:at|in|on|across|from) (?:the |our )?\w+)?)",
        0.65,
    ),
    Rule(
        "FAMILY",
        rf"\b(?P<x>(?:[Mm]y|[Mm]e|[Hh]is|[Hh]er|a) (?:\w+ )?(?:{_KIN}|granddaughter|grandson|nephew|niece)(?:'s| who's| is| who is|,)+ (?:also )?(?:an?|the|on the|in the|at the|first|second) (?:[\w-]+ ){{0,4}}?(?:{_SERVICE}|section)(?: (?:there|here|too|as well|over there|they had))?)\b",
        0.65,
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:three|four|five|six) (?:under-\w+|under \w+|boys|girls))\b(?= (?:at home|to|and|under)|[,.])",
        0.6,
    ),
    Rule(
        "FAMILY",
        r"\b(?:I'm|I am|as|being) (?:an? |the )?(?P<x>(?:only (?:child|son|daughter)|eldest of \w+|youngest of \w+|one of (?:five|six|seven|eight|nine|ten)|carer for (?:my|a) [\w ]{3,25}|foster carer|adopted|orphan|expectant (?:father|mother)|new (?:dad|mum|father|mother) (?:of|to|with) [\w ]{3,15}))\b",
        0.6,
    ),
    Rule(
        "FAMILY",
        rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:{_KIN}|mam|nana|grandparents|wife's \w+|husband's \w+|brother-in-law|sister-in-law|son-in-law|daughter-in-law|godson|goddaughter|half-brother|half-sister|stepmother|stepfather)(?: \w+)?(?:,? (?:who|is|was|are|were|works|worked|runs|ran|serves|served|teaches|drives|owns|also|both|used to))+ (?:[^\s,.;:!?()]+ ){{0,6}}?(?:at|for|in|with|on) (?:the |this |our |my |another |a )?(?:same \w+|next \w+|[A-Z][\w'-]+(?: [A-Z][\w'-]+)*|force|station|nick|fire service|ambulance service|army|navy|council|courts?|hospital|school))\b",
        0.6,
    ),
    Rule(
        "FAMILY",
        rf"\b(?P<x>(?:[Mm]y|[Mm]e|[Hh]is|[Hh]er) (?:late |ex-|twin |elder |older |younger )?{_KIN}'s (?:an?|in|at|on|also|the|been|a former) (?:[^\s,.;:!?()]+ ){{0,5}}?{_SERVICE}\b)",
        0.65,
    ),
    Rule(
        "FAMILY",
        rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>{_KIN}, (?:who(?:'s| is| was)?|an?|the|also|another|himself|herself) (?:[^\s,.;:!?()]+ ){{0,5}}?{_SERVICE}\b)",
        0.65,
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:identical |newborn |premature |baby |adopted |conjoined )?(?:twins|triplets|quadruplets|twin (?:brother|sister|boys|girls|sons|daughters)))\b(?! (?:monitors?|screens?|tracks?))",
        0.6,
    ),
    Rule(
        "FAMILY",
        r"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er) (?P<x>(?:adopted|foster|stillborn|premature|disabled|autistic|deaf|severely disabled|step) ?(?:son|daughter|child|kids|children|boy|girl|baby|twins))\b",
        0.7,
    ),
    Rule(
        "FAMILY",
        rf"\b(?P<x>[Mm]y (?:late |ex-|twin |elder |older |younger |little |big |own )?{_KIN}(?:,? (?:and|or) (?:my )?{_KIN})?(?:,? who)? (?:is|was|are|were|also|works?|worked|serves?|served|runs?|ran|joined|retired|both|used to)\b (?:[^\s,.;:!?()]+ ){{0,6}}?{_SERVICE}\b)",
        0.65,
    ),
    Rule(
        "FAMILY",
        rf"\b(?P<x>married to (?:an?|another|the|my|his|her) {_REST})",
        0.6,
        lambda m: "the job" not in m.group() and bool(regex.search(_SERVICE, m.group())),
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:single|lone|widowed|adoptive|foster) (?:mum|mother|dad|father|parent|carer)(?: (?:of|to|with) (?:\w+ ){0,3}\w+)?)\b",
        0.7,
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:mum|mother|dad|father|parent) (?:of|to) (?:\w+ )?(?:twins|triplets|two|three|four|five|six|seven|\d)(?: (?:boys|girls|kids|children|under \w+))?)\b",
        0.7,
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:identical |my )?(?:twins?|triplets|quadruplets)(?: (?:brother|sister|boys|girls|daughters|sons))?)\b(?= (?:who|is|was|are|were|at|in|on|born|aged|and I)\b)",
        0.6,
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:third|fourth|second|fifth|3rd|2nd|4th)[- ]generation (?:police(?: officer)?|copper|officer|cop|bobby|PC|constable|detective))\b",
        0.75,
        flags=_I,
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>(?:(?:four|five|six|seven|eight|nine|ten|[4-9]) (?:kids|children|daughters|sons)|(?:widow|widower|orphan|divorced twice|adopted (?:two|three|a|our)[\w ]{0,20}|foster (?:two|three|children|kids|carer)\w*)))\b",
        0.6,
        lambda m: bool(
            regex.search(
                r"(?i)\b(?:I|my|I've|I'm|we|our|he|she|has|have|a)\b[^.]{0,25}$",
                m.string[max(0, m.start() - 30) : m.start()],
            )
        ),
    ),
    Rule(
        "FAMILY",
        r"\b(?P<x>late (?:husband|wife|partner|father|mother|dad|mum|son|daughter|brother|sister|fiancee?))\b",
        0.7,
    ),
    Rule(
        "FAMILY",
        rf"\b(?:[Mm]y|[Hh]is|[Hh]er) (?P<x>(?:late )?{_KIN} (?:died|passed away|was killed|killed himself|killed herself|took (?:his|her) own life|is dying|was murdered|went missing|has (?:autism|dementia|cancer|Down'?s|MS|Alzheimer'?s|cerebral palsy|leukaemia)){{1}}(?: [^\s,.;:!?()]+){{0,4}})",
        0.7,
    ),
)
