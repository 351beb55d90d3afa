"""Illnesses and injuries as one pattern, for the rules and for the review: importing it must stay cheap."""
# ruff: noqa: E501 (a pattern reads best in one piece)

# The review asks it, too: a condition that no rule ascribes to anybody is a person's to judge.
CONDITION = (
    r"(?:shingles|\w*spondyl\w+|pneumonia|gout|stomach ulcers?|hernia|anaemia|embolism|thrombosis|aneurysm|appendicitis|gallstones|kidney stones|dysle[xc]\w+|disle[xc]\w+|labral tear|(?:hips?|knees?|shoulder) (?:replaced|operated on)|sickle cell(?: crisis)?|PTSD|C-PTSD|ADHD|autis\w+|Asperger'?s?|dyslexi[ac]\w*|dyspraxi[ac]\w*|dyscalculia|epilep\w+|diabet\w+|asthma\w*|cancer|leuk\w?aemia|"
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
