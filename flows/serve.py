"""Runs a study on its schedule: `python -m flows.serve STUDY`, beside a Prefect server on this machine.

The schedule is `schedule` in study.yaml (a cron line, Europe/London). A run that falls due while another is at work
waits for it (`limit=1`); one started by hand meanwhile is refused by the study's lock. Nothing is ever published: every
run ends in a draft.
"""

import sys

from flows.settings import assert_effective, enforce
from pipeline.errors import ConfigError, Problem, QuotebankError
from pipeline.study import Study


def serve(path: str) -> None:
    """Serves one study until stopped.

    Raises:
        ConfigError: the study has no schedule, or there is no Prefect server to ask for the time.
    """
    study = Study.load(path)
    if not study.schedule:
        raise ConfigError(Problem("study.yaml [schedule]", "is missing", "e.g. schedule: '0 3 * * 1'"))
    server = enforce(study.root)
    if not server:
        where = "PREFECT_API_URL"
        raise ConfigError(
            Problem(where, "is not set", "start `prefect server start` and set it to that server's address")
        )
    assert_effective(server)
    from prefect.schedules import Cron

    from flows.quote_bank import quote_bank

    quote_bank.serve(
        name=study.study,
        schedule=Cron(study.schedule, timezone="Europe/London"),
        parameters={"study_path": str(study.root)},
        pause_on_shutdown=False,
        limit=1,
    )


if __name__ == "__main__":
    try:
        serve(sys.argv[1] if len(sys.argv) > 1 else ".")
    except QuotebankError as error:
        sys.stderr.write("\n".join(f"{error.kind}: {message}" for message in error.messages) + "\n")
        raise SystemExit(error.exit_code) from None
