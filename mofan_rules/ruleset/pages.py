"""The page of each kind of requirement (`docs/kinds/`), from the docstrings of its model.

`python -m mofan_rules.ruleset.pages docs/kinds` writes them; a test says when they are out of date.
"""

import inspect
import re
import sys
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mofan_rules.requirements import KINDS, RequirementBase
from mofan_rules.ruleset import json_schema
from mofan_rules.ruleset.json_schema import models_in

NOTE = "<!-- Made from the code by `python -m mofan_rules.ruleset.pages docs/kinds`: change the docstrings there. -->"


def page(kind: str) -> str:
    """The page of a kind, as Markdown: what it says, an example, its own fields, and the fields that it shares with all kinds."""
    model = KINDS[kind]
    shared = [name for name in RequirementBase.model_fields if name != "kind"]
    own = [name for name in model.model_fields if name not in shared and name != "kind"]
    nested = [part for name in own for part in models_in(model.model_fields[name].annotation)]
    nested += [part for name in shared for part in models_in(RequirementBase.model_fields[name].annotation)]
    parts = [
        f"# {kind}",
        NOTE,
        inspect.getdoc(model) or "",
        "## Fields",
        _table(model, own),
        "## Fields of every requirement",
        _table(model, shared),
        *(f"### {_title(part)}\n\n{json_schema.summary(part)}\n\n{_table(part, list(part.model_fields))}" for part in dict.fromkeys(nested)),
    ]
    return "\n\n".join(parts) + "\n"


def _title(model: type[BaseModel]) -> str:
    """The name of a part of a requirement as words: `DatedFact` is *dated fact*."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__.removesuffix("Fields")).lower()


def _table(model: type[BaseModel], names: list[str]) -> str:
    texts = json_schema.field_texts(model)
    rows = [f"| `{model.model_fields[name].alias or name}` | {_needed(model.model_fields[name])} | {texts[name]} |" for name in names]
    return "\n".join(["| field | | says |", "|---|---|---|", *rows])


def _needed(field: FieldInfo) -> str:
    return "required" if field.is_required() else ""


def write_pages(folder: Path) -> None:
    """Write the pages of all kinds into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (folder / f"{kind}.md").write_text(page(kind), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
