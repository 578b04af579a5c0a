"""Reading a ruleset and all that it imports: from folders to checked documents, imports first."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.documents.nodes import ListNode, MappingNode, Node
from mofan_rules.documents.reader import read_yaml
from mofan_rules.documents.text import Text
from mofan_rules.requirements import Requirement, RequirementBase
from mofan_rules.ruleset.derive import DeriveFields
from mofan_rules.ruleset.document import FileHead, RulesetHead
from mofan_rules.ruleset.files import MAIN, Folder
from mofan_rules.ruleset.validation import anchor, validate

DEEPEST_IMPORT = 20

MOST_WRONG = 300
"""So many requirements of a file are told to be wrong; the rest is not looked at."""

_RULESET: TypeAdapter[RulesetHead] = TypeAdapter(RulesetHead)
_FILE: TypeAdapter[FileHead] = TypeAdapter(FileHead)
_REQUIREMENT: TypeAdapter[RequirementBase] = TypeAdapter(Requirement)


@dataclass(frozen=True, slots=True)
class Package:
    """One ruleset as it is written. `broken` are the ids of requirements that do not fit their kind; `imports` the keys of all it builds on."""

    key: str
    document: RulesetHead
    requirements: tuple[RequirementBase, ...]
    derivations: tuple[DeriveFields, ...]
    broken: frozenset[str]
    imports: frozenset[str]


@dataclass(slots=True)
class Library:
    """What has been read: packages in an order in which each comes after its imports."""

    diagnostics: Diagnostics
    packages: list[Package] = field(default_factory=list)
    complete: bool = True


def read_packages(folder: Folder, diagnostics: Diagnostics) -> Library:
    """Read a ruleset and its imports."""
    library = Library(diagnostics)
    _read(folder, library, {})
    return library


def _read(folder: Folder, library: Library, stack: dict[str, str]) -> frozenset[str]:
    """Read one folder and what it imports; the keys of both."""
    document: RulesetHead | None = None
    requirements: list[RequirementBase] = []
    derivations: list[DeriveFields] = []
    broken: set[str] = set()
    files = folder.files(library.diagnostics)
    for name, data in files.items():
        node = read_yaml(name, data, library.diagnostics)
        if node is None:
            library.complete = False
            continue
        main = name.endswith(MAIN) and document is None and name == next(iter(files))
        found, wrong = _requirements(node, library.diagnostics)
        requirements += found
        broken |= wrong
        rest = _without_requirements(node)
        if main and node == MappingNode((), anchor(node)):
            library.diagnostics.report("file-empty", anchor(node))
        elif main:
            document = validate(_RULESET, rest, library.diagnostics)
            derivations += document.derive if document is not None else []
        else:
            file = validate(_FILE, rest, library.diagnostics)
            derivations += file.derive if file is not None else []
    if document is None:
        library.complete = False
        return frozenset({folder.key})
    imports = _imports(folder, document, library, stack | {folder.key: folder.name})
    library.packages.append(Package(folder.key, document, tuple(requirements), tuple(derivations), frozenset(broken), imports))
    return imports | {folder.key}


def _imports(folder: Folder, document: RulesetHead, library: Library, stack: dict[str, str]) -> frozenset[str]:
    keys: frozenset[str] = frozenset()
    for path in document.imports:
        target = folder.folder(path, library.diagnostics)
        if target is None:
            library.complete = False
        elif target.key in stack or len(stack) > DEEPEST_IMPORT:
            names = [*stack.values()][[*stack].index(target.key) :] if target.key in stack else [*stack.values()]
            library.diagnostics.report("import-cycle", path.span, path=" → ".join([*names, target.name]))
            library.complete = False
        else:
            known = next((package for package in library.packages if package.key == target.key), None)
            keys |= _read(target, library, stack) if known is None else known.imports | {known.key}
    return keys


def _requirements(node: Node, diagnostics: Diagnostics) -> tuple[list[RequirementBase], set[str]]:
    """The requirements of a file, each checked by itself, so that one that is wrong does not hide what is wrong in the next."""
    listed = node.get("requirements") if isinstance(node, MappingNode) else None
    found: list[RequirementBase] = []
    broken: set[str] = set()
    wrong = 0
    for item in listed.items if isinstance(listed, ListNode) else ():
        requirement = validate(_REQUIREMENT, item, diagnostics)
        if requirement is not None and isinstance(item, MappingNode):
            requirement.written(key for key, _ in item.entries)
            found.append(requirement)
            continue
        wrong += 1
        if isinstance(item, MappingNode) and isinstance(identifier := item.get("id"), Text):
            broken.add(str(identifier))
        if wrong == MOST_WRONG:
            diagnostics.report("too-many-wrong", anchor(item), count=wrong)
            break
    return found, broken


def _without_requirements(node: Node) -> Node:
    """A file without its list of requirements, which is checked apart; what is no list stays, to be reported."""
    if not isinstance(node, MappingNode):
        return node
    kept = tuple((key, value) for key, value in node.entries if key != "requirements" or not (value == "" or isinstance(value, ListNode)))
    return MappingNode(kept, node.span)
