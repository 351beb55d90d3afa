"""What every reader of the bank must know, in one place for all its files."""

HOW_TO_READ = (
    (
        "What this is",
        "People’s own words, sorted into themes. A quote is an exact piece of what somebody wrote or said; nothing "
        "was rephrased. Only words that could identify somebody were replaced.",
    ),
    (
        "Why this is a draft",
        "Nobody has approved these quotes yet. Software that removes names misses some. Read every quote with the "
        "eyes of a colleague of the person who said it before it goes anywhere.",
    ),
    (
        "Placeholders",
        "Square brackets such as [person], [place] or [police force] stand for words that were removed to protect "
        "people; some say as much as many people share, such as [in 40s]. Keep them as they are when you quote. "
        "[person 2] is a second person in the same contribution.",
    ),
    (
        "Attribution lines",
        "Print the attribution line as it stands and add nothing to it. It says no more than its contributor agreed "
        "to. Those who agreed to nothing more are described by a group that is large enough to hide in, or not at all.",
    ),
    (
        "People and passages",
        "People counts how many different contributors spoke about a theme; passages counts how often it came up. One "
        "person with much to say adds many passages but counts once. Compare themes by people.",
    ),
    (
        "Why themes add up to more than the whole",
        "A passage that speaks of several things counts in several themes, and so does whoever said it. The numbers of "
        "all themes together are therefore more than there are passages and people.",
    ),
    (
        "What the numbers are not",
        "Contributors chose to take part and wrote about what mattered to them. The numbers describe them, not "
        "everybody, and a theme holds those who praise as well as those who complain.",
    ),
    (
        "Working titles",
        "Theme names were found by a computer from the words people used. Those marked as a working title fit their "
        "quotes least well: read the quotes before you rely on the name. An (unnamed theme) is one whose people share "
        "no word that could name it.",
    ),
)
