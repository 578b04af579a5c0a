"""The rules about the code, as checks: import contracts, ruff, mypy, sizes and names of modules."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "mofan_rules").rglob("*.py"))


def tool(*arguments: str) -> None:
    """Run a Python tool on the repository; its output is the failure."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_ruff() -> None:
    tool("ruff", "check", ".")


def test_format() -> None:
    tool("ruff", "format", "--check", ".")


def test_mypy() -> None:
    tool("mypy", "mofan_rules", ".ci", "docs")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_named_and_sized_for_reading(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in {"utils", "helpers", "common", "misc"}
    assert not text or text.lstrip().startswith('"""'), "a module begins with what it is for"
    assert text.count("\n") <= 400


def test_nothing_is_named_that_belongs_to_one_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode != 0:
        files = [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", ".git"} & set(path.parts)]
    else:
        files = [ROOT / name for name in tracked.stdout.splitlines()]
    wanted = ["/" + "work/", "/" + "root/", "/" + "home/"]
    for path in files:
        if path.is_file() and path.suffix in {".py", ".md", ".yaml", ".toml", ".sh", ".json", ""}:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not any(word in text for word in wanted), path
