"""Errors a person can act on, and the exit codes a scheduler can act on.

No message here or in a subclass may carry respondent text, a name or a cell value: messages reach terminals, logs and
Prefect's database. Errors hold nothing but strings built from file names, row numbers and column positions.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a study. `where` is a file, row, column or configuration key; `remedy` is what to do.

    `holds`: no reason to stop; a run goes on, and holds or sets aside what it says.
    """

    where: str
    what: str
    remedy: str = ""
    holds: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" → {self.remedy}" if self.remedy else "")


class QuotebankError(Exception):
    """Base of every error shown to a person without a traceback. Exit code 1: unexpected."""

    exit_code = 1
    kind = "internal"

    def __init__(self, *problems: str | Problem) -> None:
        self.messages = [str(problem) for problem in problems]
        super().__init__("\n".join(self.messages))


class ConfigError(QuotebankError):
    """study.yaml cannot be used as it stands."""

    exit_code = 10
    kind = "configuration"


class InputError(QuotebankError):
    """A source file cannot be read as study.yaml says."""

    exit_code = 11
    kind = "input"


class ConsentError(QuotebankError):
    """Consent is missing or unclear for so many that there is nothing to work on."""

    exit_code = 12
    kind = "consent"


class RefusedError(QuotebankError):
    """A safety rule said no: nothing was produced, and there is no way to force it."""

    exit_code = 13
    kind = "refused"


class ModelError(QuotebankError):
    """A model is missing or is not the one that was pinned."""

    exit_code = 14
    kind = "model"


class StageFailed(QuotebankError):
    """An unexpected error inside a stage, reduced to the stage and the error's class. Details stay in private/."""

    def __init__(self, stage: str, error_type: str) -> None:
        super().__init__(f"stage {stage} stopped on an unexpected {error_type} → see private/errors.log in the study")
