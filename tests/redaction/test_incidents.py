"""Crime told of people, incidents told with their place, and Welsh within English: what is held, and police talk that is not."""

import pytest

from pipeline.redaction.findings import Finding
from pipeline.redaction.incidents import names_incident, tells_of_crime
from pipeline.redaction.language import language
from pipeline.redaction.review import reasons

TOLD_OF_SOMEBODY = """
I was raped by a colleague.
I was convicted of shoplifting.
He is on the sex offenders register.
She's on the sex offenders' register now and still came to the counter.
I've been sexually assaulted twice in this job.
I got burgled in March and had to ring 101 like anybody.
I had been stalked for two years before anybody put the calls together.
My ex assaulted me and it took four months to get a reference number.
My ex was arrested outside the school.
My brother is in prison, so vetting took a year.
my brother's murder was on a shared drive anybody could open
our daughter was groomed online
He stalked me after the course.
As I told them, I am a survivor of domestic abuse and I read the leaflet.
I'm a rape survivor and the form has no box for that.
My own rapist works two floors up.
I was charged with drink driving in my probation.
I was interviewed under caution over it and it never left my file.
I have a criminal record from when I was nineteen.
I did six months in prison before I was a volunteer.
My sergeant was convicted of fraud and his login still works.
One of our supervisors was sexually harassed and had to report it on the same system.
She was raped by her uncle and we asked her the same questions five times.
A girl who had been raped sat in that corridor for six hours.
He was jailed for it in the end.
He's got a conviction for stalking and still passed the portal's checks.
He is a registered sex offender and lives next to the nick.
""".strip().splitlines()
OF_NOBODY = """
We arrested a burglar and the custody system went down.
I arrested a man for murder and it took four hours to book him in.
I was attached to a murder team for three years.
I got a conviction for robbery on the strength of that download.
Domestic assault jobs take the longest because of the forms.
The sex offenders register sits on another system entirely.
Everyone on the sex offenders register has to be visited and the app never loads.
Rape victims have to tell the story three times.
My rape investigation stalled because the phone download took months.
Victims of domestic abuse deserve better than a paper form.
If a victim has been assaulted you fill in six screens.
I deal with stalking, harassment and burglary all day.
The suspect was arrested and charged while the system was down.
He was arrested and we could not find his record.
I was robbed of a weekend by the upgrade.
I was stabbed in the back by my own department.
Somebody shot me an email at midnight.
The police beat us to it.
It hit me that nobody reads these.
Murder files are too big for the drive.
My conviction is that training would fix it.
I served ten years in CID.
I was cautioned about using the printer.
It took ages to convict anybody.
Child abuse images go through a separate tool.
We lost a stabbing because the footage would not play.
""".strip().splitlines()


@pytest.mark.parametrize("text", TOLD_OF_SOMEBODY)
def test_crime_told_of_oneself_of_people_near_or_of_a_victim_is_held(text: str) -> None:
    assert "crime" in reasons(text, text, []).split(",")


@pytest.mark.parametrize("text", OF_NOBODY)
def test_crime_as_everyday_work_is_not(text: str) -> None:
    assert not tells_of_crime(text, [])


def found(text: str, words: str, label: str) -> Finding:
    return Finding(text.index(words), text.index(words) + len(words), label, 0.9, "rules")


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Dave Orrin was arrested and we all had to hand in our phones.", "Dave Orrin", "PERSON"),
        ("That was the week Orrin got cautioned for theft.", "Orrin", "PERSON"),
        ("Orrin, who has been prosecuted since, built the database.", "Orrin", "PERSON"),
        ("We used the old forms until the murder of Dave Orrin.", "Dave Orrin", "PERSON"),
        ("Orrin's conviction is all anybody remembers.", "Orrin", "PERSON"),
        ("The only dog handler on nights was assaulted and left.", "only dog handler on nights", "ROLE"),
    ],
)
def test_crime_told_of_somebody_named_or_unique_is_held(text: str, name: str, label: str) -> None:
    assert tells_of_crime(text, [found(text, name, label)])
    assert not tells_of_crime(text, [])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("After the murder on the retail park in Keyham we had forty statements on paper.", "Keyham"),
        ("I was first on scene at the helicopter crash in Glasgow.", "Glasgow"),
        ("Since the Orrin Bridge shootings nobody argues about radios.", "Orrin Bridge"),
        ("I ran the log for that siege, the long one, at Orrin.", "Orrin"),
        ("I was there at the Orrin disaster with a notebook.", "Orrin"),
    ],
)
def test_an_incident_told_with_its_place_is_held(text: str, place: str) -> None:
    where = found(text, place, "LOCATION")
    assert "rare_event" in reasons(text, text, [where]).split(",")
    # Also where the place has become part of a longer detail.
    longer = Finding(0, len(text), "ROLE", 0.9, "model")
    assert "rare_event" in reasons(text, text, [longer], found=[where, longer]).split(",")
    assert not names_incident(text, [])


@pytest.mark.parametrize(
    "text",
    [
        "In Orrin the murder team has its own drive.",
        "Every crash in Orrin goes on paper first.",
        "A stabbing in Orrin is six forms.",
        "The great pay disaster was felt in Orrin too.",
        "The murder file was huge. We are in Orrin.",
    ],
)
def test_what_happens_everywhere_is_not(text: str) -> None:
    assert not names_incident(text, [found(text, "Orrin", "LOCATION")])


def test_a_role_is_told_with_the_place_that_it_swallowed() -> None:
    text = "I was first on scene at the helicopter crash in Glasgow"
    role, place = found(text, text[6:], "ROLE"), found(text, "Glasgow", "LOCATION")
    assert "rare_role" in reasons(text, text, [role], found=[role, place]).split(",")
    assert "rare_role" not in reasons(text, text, [role], found=[role]).split(",")
    elsewhere = Finding(0, 1, "LOCATION", 0.9, "gazetteer")  # found, but neither kept nor part of anything
    assert "rare_role" not in reasons(text, text, [role], found=[role, elsewhere]).split(",")


@pytest.mark.parametrize(
    "text",
    [
        "The system is slow, dwi ddim yn gwybod pam, and nobody in the office can tell us when it will be mended.",
        "I told them at the briefing that mae'r ffôn yn rhy araf but they only wanted to hear about the new vans.",
        "Mae'n rhy araf.",
        "It was fine until the update, ond nawr mae popeth wedi stopio gweithio, so we went back to paper for a week.",
    ],
)
def test_welsh_within_english_is_seen(text: str) -> None:
    assert language(text) == "welsh"


@pytest.mark.parametrize(
    "text",
    [
        "Diolch yn fawr for asking, but the system is slow and nobody reads these forms anyway.",
        "Heddlu Gogledd Cymru and Heddlu De Cymru share a server, which goes down on the first day of every month.",
        "Two yr in the EU and NI teams taught me that a pan for eggs is worth more than the portal.",
        "ok",
        "",
    ],
)
def test_a_greeting_or_a_name_is_not_yet_welsh(text: str) -> None:
    assert language(text) == "english"


@pytest.mark.parametrize(
    "text",
    [
        "System jest bardzo wolny i nikt nie umie go naprawić od trzech lat",
        "Pan sierżant był tam i powiedział że to nie jest jego sprawa, a on jest do tego",
        "Le système est très lent et personne ne sait le réparer depuis trois ans",
        "Me llamo Ana y soy la intérprete de la comisaría, no me pagan las horas",
        "Les radios sont vieilles et nous avons toujours des problèmes de communication pendant les interventions",
        "Radio kaam nahi karta aur computer bahut slow hai sir, system hang ho jata hai daily",
        "system bahut slow hai aur koi bhi theek nahi kar sakta teen saal se",
        "Tha an siostam slaodach agus chan eil duine a chuidicheas leinn an-seo",
        "o sistema de rádio no interior não funciona, a chefe no turno sabe disso",
    ],
)
def test_another_language_is_seen_where_it_shares_words_with_english(text: str) -> None:
    assert language(text) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "headset flat. desk wobbly. caller shouting. repeat twelve times",
        "Cameras priced per camera, footage priced per gigabyte, coffee priced per officer",
        "Fault 0x0451 weekly. Known fault. Known since version nine.",
        "Ah wis telt tae bide in the van an naebody cam, an the radio wis deid the hale nicht",
    ],
)
def test_notes_and_dialect_are_english(text: str) -> None:
    assert language(text) == "english"
