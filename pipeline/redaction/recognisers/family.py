"""Family, where what is said of it tells whose it is."""
# ruff: noqa: E501 (a pattern reads best in one piece)

import regex

from pipeline.redaction.recognisers.base import Rule

_I = regex.IGNORECASE

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
