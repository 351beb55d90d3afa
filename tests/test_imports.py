"""The architecture, read from the imports: nothing imports backwards, and only flows/ knows Prefect."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent

# From left to right; a module may import only from rooms to its left (or its own).
LAYERS = [
    {"errors", "process", "reasons", "labels", "int8", "forces"},
    {"contracts"},
    {"ids", "tables", "study", "placeholders", "sentences"},
    {"store"},
    {"models", "balance", "chain", "frames"},
    {"encoder"},
    # the stages: none imports another
    {"ingest", "consent", "redaction", "passages", "embedding", "codebook", "coding", "disclosure", "outputs"},
    {"themes", "quotes", "review", "agreement", "comparison"},
    {"beside"},
    {"reading", "audit", "figures", "edits", "registry", "deduction"},
    {"drift"},
    {"stages", "redact_lines", "scaffold", "fingerprint"},
    {"steps", "evaluation"},
    {"cli_runs", "cli_shown"},
    {"cli_proposals", "cli_tables"},
    {"cli_evaluate", "cli_review", "cli_agreement", "cli_compare", "cli_codebook"},
    {"cli"},
]
STAGES = {"ingest", "consent", "redaction", "passages", "themes", "codebook", "quotes", "disclosure", "outputs"}


def imports(path: Path) -> set[str]:
    """Every module a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")


def library() -> list[Path]:
    return sorted(p for p in (ROOT / "pipeline").rglob("*.py") if p.parent != ROOT / "pipeline" or p.stem != "__init__")


def level(name: str) -> int:
    return next(n for n, layer in enumerate(LAYERS) if name in layer)


def test_every_module_has_a_place() -> None:
    assert {room(path) for path in library()} == set().union(*LAYERS)


def test_nothing_imports_backwards() -> None:
    for path in library():
        mine = room(path)
        for module in imports(path):
            parts = module.split(".")
            if parts[0] == "pipeline" and len(parts) > 1:
                theirs = parts[1]
                if theirs == mine:
                    continue
                assert level(theirs) < level(mine) or (theirs, mine) == ("tables", "study"), f"{mine} imports {theirs}"


def test_stages_do_not_know_each_other() -> None:
    for path in library():
        mine = room(path)
        others = {m.split(".")[1] for m in imports(path) if m.startswith("pipeline.") and m.count(".")}
        if mine in STAGES:
            assert not (others & STAGES) - {mine}, f"{path.name} imports {others & STAGES - {mine}}"


def test_only_flows_know_prefect_and_only_the_cli_knows_flows() -> None:
    for path in library():
        roots = {module.split(".")[0] for module in imports(path)}
        assert "prefect" not in roots, path
        assert "flows" not in roots or room(path) == "cli", path
        assert "cli" not in {m.split(".")[1] for m in imports(path) if m.startswith("pipeline.")}, path


def test_only_the_cli_prints() -> None:
    for path in library():
        calls = {
            n.func.id
            for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert "print" not in calls or room(path).startswith("cli"), path


def test_only_the_adapter_and_the_comparison_know_bertopic() -> None:
    knowing = [p.name for p in library() if "bertopic" in {m.split(".")[0] for m in imports(p)}]
    assert knowing == ["bertopic_systems.py", "topics.py"]


def test_no_file_is_too_long_to_read() -> None:
    files = [
        *library(),
        *(ROOT / "flows").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "models").rglob("*.py"),
    ]
    assert {str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text("utf-8").splitlines())) > 400} == {}
