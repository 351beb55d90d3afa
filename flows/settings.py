"""Prefect's settings for a confidential, offline run: set before Prefect is imported, and checked after.

Prefect's server and its client send telemetry independently of each other; results, logs and state can hold what a
flow worked on. Nothing here relies on a person having configured their machine.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import Problem, RefusedError
from pipeline.process import harden
from pipeline.store import private_folder

OFFLINE = {
    "DO_NOT_TRACK": "1",  # the client's telemetry
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",  # nothing here uses blocks; it takes seconds
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LOG_PRINTS": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "false",
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": "",
    "TOKENIZERS_PARALLELISM": "false",
}
QUIET = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL"}


def enforce(root: Path) -> str:
    """Sets every setting for the study in `root`; must run before Prefect is imported.

    Returns:
        The address of the Prefect server that will be used; empty for the embedded one.

    Raises:
        RefusedError: a Prefect Cloud key or address is configured; a confidential run does not go there.
    """
    server = os.environ.get("PREFECT_API_URL", "")
    host = (urlsplit(server).hostname or "").rstrip(".").lower()
    if os.environ.get("PREFECT_API_KEY") or host.endswith("prefect.cloud"):
        raise RefusedError(Problem("PREFECT_API_URL", "points to Prefect Cloud", "unset it and PREFECT_API_KEY"))
    harden()  # Prefect's server inherits it
    os.environ.update(OFFLINE)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    private = private_folder(root / "private")
    os.environ["PREFECT_HOME"] = str(private_folder(private / "prefect"))
    os.environ["TMPDIR"] = str(private_folder(private / "tmp"))
    os.environ["HF_HOME"] = str(private_folder(private / "cache"))
    os.environ.setdefault("JOBLIB_TEMP_FOLDER", os.environ["TMPDIR"])
    if not server:
        os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "true"
        os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{private}/prefect/prefect.db"
    return server


def assert_effective(server: str) -> None:
    """Refuses to start if Prefect did not take a setting, or takes another server from a file. Raises RefusedError."""
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    if settings.api.key or (settings.api.url or "") != server:
        where = "a .env, prefect.toml, pyproject.toml or profile"
        raise RefusedError(Problem(where, "names a Prefect server or key", "remove it, or set PREFECT_API_URL instead"))
    wrong = {
        "server.analytics_enabled": settings.server.analytics_enabled,
        "logging.to_api.enabled": settings.logging.to_api.enabled,
        "logging.log_prints": settings.logging.log_prints,
        "results.persist_by_default": settings.results.persist_by_default,
        "tasks.default_persist_result": settings.tasks.default_persist_result,
        "telemetry.enable_resource_metrics": settings.telemetry.enable_resource_metrics,
        "tasks.cache": not settings.tasks.default_no_cache,
        "DO_NOT_TRACK": os.environ.get("DO_NOT_TRACK") != "1",
    }
    on = [Problem(f"Prefect setting {name}", "is not off") for name, value in wrong.items() if value]
    if on:
        raise RefusedError(*on)
