"""Why something was held or set aside: the whole vocabulary, with what a person can do about it."""

from collections.abc import Mapping

# reason: (what it means, what to do; empty if nothing can or need be done)
FILE_REASONS = {
    "archive_limits": ("unpacks to far more than a document should", "save it again from Word or Excel"),
    "comments": ("has comments or notes in its margin", "resolve and delete the comments, and save a copy"),
    "duplicate_file": ("is the same, byte for byte, as an earlier file of this source", "remove one of the two"),
    "dtd": ("declares a document type, which no export does", "save it again from Word or Excel"),
    "embedded_file": ("has another file embedded in it", "remove it, or add it as a source of its own"),
    "empty": ("is empty", "export it again"),
    "encoding": ("does not read as text in any likely encoding", "save it as UTF-8, or set the source's encoding"),
    "encrypted": ("is protected by a password", "save a copy without the password"),
    "footnotes": ("has footnotes or endnotes", "move them into the text, and save a copy"),
    "form_fields": ("has filled-in form fields", "print it to a new PDF, and use that"),
    "hidden_text": ("has hidden text", "show or delete the hidden text, and save a copy"),
    "macros": ("contains macros", "save it as an ordinary .docx or .xlsx"),
    "malformed_table": ("is not a well-formed table: a quotation mark is out of place", "export it again"),
    "no_answers": ("has no row with an answer", "export it again, or remove it"),
    "no_speakers": ("does not say who speaks", "label the speakers, or set unlabelled_speech: contributor"),
    "no_text": ("has no text, or pages that are pictures", "run text recognition on it, and use the result"),
    "old_office_format": ("is in a format from before 2007", "save it as .docx or .xlsx"),
    "symlink": ("is a link that leads out of its folder", "copy the file itself into the folder"),
    "text_boxes": ("has text in text boxes", "move it into the body of the text, and save a copy"),
    "too_large": ("is larger than any survey, transcript or submission should be", "split it"),
    "tracked_changes": ("has tracked changes", "accept or reject them all, and save a copy"),
    "unread_text": ("has text that cannot be reached", "copy the text into a new document, and save that"),
    "unreadable": ("is damaged, or still being copied", "copy or export it again"),
    "unsupported_type": ("is not of a type that this kind of source can hold", "see README for the types"),
}
ROW_REASONS = {
    "blank": ("no question answered", ""),
    "duplicate_respondent": ("the same respondent as another row of the file", "remove the row that is not theirs"),
    "row_misaligned": ("more cells than the header has columns", "check the quotation marks around its cells"),
}
CONTRIBUTOR_REASONS = {
    "attribution_line_names_somebody": (
        "the role or organisation they may be described by would print a name",
        "correct it in the source or in contributors.csv",
    ),
    "consent_conflicting": ("gave statements of consent that disagree", "ask them"),
    "consent_do_not_quote": ("asked not to be quoted", ""),
    "consent_missing": ("no consent found", "ask them; add a row for them to contributors.csv"),
    "consent_unknown_wording": (
        "worded their consent in a way that study.yaml does not list",
        "list the exact wording with its meaning",
    ),
}
SEGMENT_REASONS = {
    "blank": ("question left blank", ""),
    "consent_held": ("said by a contributor who is held", "resolve the contributor's consent"),
    "document_held": ("in a document that is held", "see the document's own reason"),
    "heading": ("a heading: context, not a statement", ""),
    "interviewer": ("the interviewer's words: context, never evidence", ""),
    "no_contributor": ("nobody is known to have said it", "add the speaker or file to contributors.csv"),
    "no_speaker": ("speech or a preamble that nobody is named for", "label its speaker"),
    "non_answer": ("says nothing, such as “n/a” or “see above”", ""),
    "too_short": ("too short to mean anything alone", ""),
}
PASSAGE_REASONS = {
    "another_chosen": ("says what a chosen quote says already, or less of it", ""),
    "contributor_quoted": ("its contributor is quoted in this theme already, or in all as often as settings allow", ""),
    "nearer_another_theme": ("what can be quoted of it is nearer to another theme", ""),
    "not_quotable": ("too short, too long, or too much of it is placeholders", ""),
    "review": ("must be read by a person first", "see private/ for what was found in it"),
    "unassigned": ("in no theme", ""),
}
ENDPOINT_REASONS = {  # what came of asking a language model for names of themes, one a theme
    "proposed": "taken over",
    "blocked_word": "with a word that may be in no name",
    "empty": "empty",
    "generic": "too general to name anything",
    "not_asked": "not asked for any more, after three failures in a row",
    "not_json": "in an answer that cannot be read",
    "odd_characters": "with figures or odd characters",
    "placeholder": "with a placeholder",
    "question_echo": "that only repeat a question",
    "slow": "not given in time",
    "status": "not given, but an error instead",
    "taken": "another theme’s already, or of the same meaning",
    "too_large": "in an answer far too long",
    "too_long": "of too many words",
    "unknown_word": "with words that too few people of the theme used",
    "unreachable": "not given, because nobody listens there",
}
REASONS = FILE_REASONS | ROW_REASONS | CONTRIBUTOR_REASONS | SEGMENT_REASONS | PASSAGE_REASONS
HELD = "redaction_"  # and what went wrong: a document that a recogniser failed on
ENDPOINT = "namer_"  # and one of `ENDPOINT_REASONS`: how counts of a run name them


def in_words(reason: str) -> str:
    """What a reason means, for people."""
    if reason.startswith(HELD):
        return f"held: redaction could not be completed ({reason.removeprefix(HELD).replace('_', ' ')})"
    return REASONS[reason][0] if reason in REASONS else reason.replace("_", " ")


def endpoint_in_words(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    """How many names of an endpoint came to what: those taken over first, then the most frequent."""
    found = sorted(counts.items(), key=lambda item: (item[0] != "proposed", -item[1], item[0]))
    return [(n, ENDPOINT_REASONS.get(reason, reason)) for reason, n in found]
