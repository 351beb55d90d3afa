"""Illness, crime that somebody suffered, did or stood trial for, and incidents known by where or when they happened.

People in and around the police speak of crime all day, and most of it is about nobody: jobs, files, suspects. What is
told of oneself, of one's family or a colleague, or of somebody named, is about a person, and so is what a victim of a
sexual offence went through, whoever it is.
"""
# ruff: noqa: E501 (a pattern reads best in one piece)

from collections.abc import Iterable
from functools import cache

from pipeline.redaction.conditions import CONDITION
from pipeline.redaction.findings import Finding
from pipeline.redaction.prefilter import Searcher

_MASK = "\ufffc"  # stands for a stretch with a finding
_PEOPLE = frozenset({"PERSON", "ROLE", "FAMILY"})
_PLACES = frozenset({"LOCATION", "ADDRESS", "ORGANISATION", "DATE"})

_SEXUAL = r"(?:(?:gang[- ])?raped|sexually (?:assaulted|abused|harassed|exploited)|indecently assaulted|molested|groped|groomed|trafficked)"
_HARMED = rf"(?:{_SEXUAL}|assaulted|abused|mugged|burgled|stalked|strangled|stabbed(?! in the back)|kidnapped|abducted|blackmailed|defrauded|robbed(?! of)|beaten up|attacked|punched|spat (?:at|on)|murdered)"
_OFFENCE = r"(?:murder|manslaughter|rape|\w*assault|theft|fraud|burglary|robbery|arson|possession|shoplifting|stalking|harassment|perjury|misconduct in|perverting|drink|drunk|dangerous|careless|causing|wounding|GBH|ABH|affray|indecen\w+|voyeurism|criminal|an offence|speeding)"
_TRIED = rf"(?:convicted|cautioned(?= for)|prosecuted|imprisoned|jailed|sentenced|arrested|remanded|found guilty|sent (?:down|to (?:prison|jail))|charged with (?:\w+ )?{_OFFENCE}|interviewed under caution|caught (?:shoplifting|stealing|drink[- ]driving|drunk)|court[- ]martialled)"
_WAS = r"(?:'?s been|'?ve been|'?d been|'?m being| (?:was|were|is|are|am being|is being|was being|got|gets|has been|have been|had been|ended up|being))"
_HOW = r"(?: (?:once|twice|also|then|later|never|even|nearly|almost|himself|herself|\w+ly)){0,2}"
_KIN = r"(?:mum|mam|mother|dad|father|brother|sister|son|daughter|husband|wife|partner|ex|boyfriend|girlfriend|fianc\w+|cousin|uncle|aunt\w*|nephew|niece|nan|gran\w*|step\w+|lad|lass|parents|mate|friend|neighbour|flatmate|housemate|(?:mother|father|brother|sister|son|daughter)-in-law)"
_COLLEAGUE = r"(?:colleague|co-?worker|sergeant|sarge|skipper|inspector|boss|gaffer|(?:line )?manager|supervisor|crewmate|team[- ]?mate|tutor|superintendent|predecessor|deputy|trainer|mentor)"
_VICTIM = r"(?:girl|woman|lady|lad|lass|boy|man|bloke|child|kid|baby|student|teenager|pensioner|nurse|neighbour|\w+[- ]year[- ]old)"
_OF_CRIME = r"(?:rape|sexual \w+|domestic \w+|DV|child \w+|stalking|abuse|assault|violen\w+|crime|burglary|fraud|hate \w+|harassment|trafficking|knife \w+|robbery|coercive \w+|grooming|incest|modern slavery)"
_REGISTER = r"(?:on the (?:violent and )?(?:sex(?:ual)? offenders?'?s?'?|sex) register|a (?:registered|convicted) (?:sex offender|rapist|paedophile|murderer|criminal|killer|thief|fraudster|burglar))"

_OF_ONESELF = (
    rf"\bI{_WAS}{_HOW} (?:{_HARMED}|{_TRIED})\b",
    rf"\b(?:{_HARMED}|hit|beat|slapped|kicked) (?:me|my (?:\w+ )?{_KIN})\b(?! (?:of|to|in the back|that|with (?:a|an|the) (?:bill|ticket|fine|question|deadline)))(?<!\bit hit me)",
    r"\bmy (?:own )?(?:rapist|abuser|stalker|attacker|assailant|criminal (?:record|conviction|past)|police caution|prison sentence|suspended sentence|sexual assault|conviction for|rape(?! (?:job|case|file|investigation|victim|suspect|team|enquir|inquir|course|training|trial\b)))",
    rf"\b(?:I'?m|I am|I was|I'?ve been|I have been|I had been|speaking as|we were) (?:\w+ )?(?:a|an|the) (?:\w+ ){{0,2}}(?:victim|survivor) of (?:\w+ )?{_OF_CRIME}",
    rf"\b(?:I'?m|I am|I was|I'?ve been|speaking as) (?:\w+ )?an? (?:\w+ )?{_OF_CRIME} (?:victim|survivor)\b",
    r"\bI(?:'?ve got|'?ve| have| had| was given| received| served| did) (?:\w+ ){0,3}?(?:criminal record|convictions? for|spent conviction|police caution|prison sentence|suspended sentence|community order|time inside|(?:years|months|weeks) (?:inside|in (?:prison|jail)))",
    rf"\bI (?:\w+ )?(?:shoplifted|pleaded guilty|pled guilty|was {_REGISTER}|am {_REGISTER})",
)
_OF_OTHERS = (
    rf"\b(?:my|our) (?:\w+ ){{0,2}}{_KIN}(?: \w+){{0,2}}?{_WAS}{_HOW} (?:{_HARMED}|{_TRIED})\b",
    rf"\b(?:my|our) (?:\w+ ){{0,2}}{_KIN}(?:'s)?(?: (?:\w+ )?(?:is|was|got|did|went|served))? (?:\w+ ){{0,2}}(?:in prison|in jail|to prison|to jail|doing time|{_REGISTER}|murderer|killer|conviction|murder)\b",
    rf"\b(?:my|our|a|another|one of (?:my|our)|the) (?:\w+ )?{_COLLEAGUE}s?(?: \w+){{0,3}}?{_WAS}{_HOW} (?:{_SEXUAL}|{_TRIED})\b",
    rf"\b(?:he|she)(?:{_WAS}{_HOW} (?:{_SEXUAL}|convicted|jailed|imprisoned|sent to (?:prison|jail))|(?:'?s| is| was)(?: \w+)? {_REGISTER}|(?:'?s got| has) (?:a |an |\w+ ){{0,2}}(?:criminal record|convictions? for))\b",
    rf"\b(?:a|an|the|this|that|one) (?:[\w-]+ ){{0,2}}{_VICTIM}(?: who| that)?{_WAS}{_HOW} {_SEXUAL}\b",
    rf"\b{_SEXUAL} by (?:a|an|her|his|my|our|their|one of (?:the|my|our|her|his)) (?:\w+ )?(?:{_COLLEAGUE}|{_KIN}|teacher|priest|officer|stepfather|coach|doctor|carer)\b",
)
_OF_THE_NAMED = (
    rf"{_MASK}(?:'s)?(?:,? (?:\w+ ){{0,2}}?(?:who|herself|himself))?{_WAS}{_HOW} (?:{_HARMED}|{_TRIED}|{_REGISTER}|killed|in prison|in jail)\b",
    rf"{_MASK} (?:\w+ )?(?:{_SEXUAL}|mugged|stabbed|strangled|murdered|stalked|beat up|went to (?:prison|jail))\b",
    rf"{_MASK}(?:'s)? (?:murder|rape(?! crisis)|killing|killer|stabbing|conviction|rapist|arrest)\b",
    rf"\b(?:murder|rape|killing|stabbing|conviction|manslaughter|arrest) of (?:[\w-]+ ){{0,3}}{_MASK}",
)
_EVENT = r"(?:murders?|killings?|stabbings?|shootings?|bombings?|explosion|arson attack|kidnap(?:ping)?|abduction|massacre|siege|hostage[- ]taking|riots?|terror(?:ist)? attack|derailment|drowning|pile-?up|deaths? in custody|suicide|(?:helicopter|plane|aircraft|train|tram|coach|bus|minibus|air|ferry|rail|fatal) crash|fatal (?:fire|accident|collision|shooting|stabbing|fall))"
_INCIDENTS = (
    rf"\b(?:the|that|this|our|my) (?:[\w'-]+ ){{0,3}}?{_EVENT}\b[^.!?;\n{_MASK}]{{0,60}}{_MASK}",
    rf"\b(?:the|that|this|our|my|after|during|since|at) {_MASK}(?:'s)? (?:[\w-]+ ){{0,2}}?(?:{_EVENT}|disaster)\b",
)


@cache
def _searcher() -> Searcher:
    return Searcher(
        illness=[rf"\b{CONDITION}(?!\w)"],
        crime=[*_OF_ONESELF, *_OF_OTHERS],
        crime_of_the_named=_OF_THE_NAMED,
        incident=_INCIDENTS,
    )


def tells_of_illness(shadow: str) -> bool:
    """Whether an illness or an injury is told of, whosever it is."""
    return _searcher().is_in(shadow, "illness")


def tells_of_crime(shadow: str, found: Iterable[Finding]) -> bool:
    """Whether crime is told of the speaker, of somebody near or named, or of a victim of a sexual offence."""
    return _searcher().is_in(shadow, "crime") or _is_told("crime_of_the_named", shadow, found, _PEOPLE)


def names_incident(shadow: str, found: Iterable[Finding]) -> bool:
    """Whether an incident of a rare kind is told with its place or date, which tells who may have been there."""
    return _is_told("incident", shadow, found, _PLACES)


def _is_told(subject: str, shadow: str, found: Iterable[Finding], labels: frozenset[str]) -> bool:
    """Whether the subject is told of a stretch with a finding of these labels."""
    blotted = _blotted(shadow, found, labels)
    return _MASK in blotted and _searcher().is_in(blotted, subject)


def _blotted(shadow: str, found: Iterable[Finding], labels: frozenset[str]) -> str:
    """The shadow with one sign in place of every stretch with a finding of these labels."""
    stretches = sorted((f.start, f.end) for f in found if f.label in labels)
    parts: list[str] = []
    position = 0
    for start, end in stretches:
        if start >= position:
            parts += [shadow[position:start], _MASK]
        position = max(position, end)
    return "".join([*parts, shadow[position:]])
