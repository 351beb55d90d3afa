"""Why something was left out at ingest: the whole vocabulary, with what a person can do about it."""

FILE_REASONS: dict[str, tuple[str, str]] = {
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
ROW_REASONS: dict[str, tuple[str, str]] = {
    "blank": ("no question answered", ""),
    "duplicate_respondent": ("the same respondent as another row of the file", "remove the row that is not theirs"),
    "row_misaligned": ("more cells than the header has columns", "check the quotation marks around its cells"),
}
SEGMENT_REASONS: dict[str, tuple[str, str]] = {
    "blank": ("question left blank", ""),
    "no_speaker": ("speech or a preamble that nobody is named for", "label its speaker"),
}


class Unreadable(Exception):
    """A file that is set aside. `reason` is a key of FILE_REASONS; there is nothing else in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
