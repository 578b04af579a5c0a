"""Print one of the two commands of README.md: the code block after the mark `<!-- command N -->`."""

import re
import sys
from pathlib import Path


def command(number: int, readme: Path = Path("README.md")) -> str:
    """The command with that number.

    Raises
    ------
    SystemExit: if the file has no such block.
    """
    found = re.search(rf"<!-- command {number} -->\n+```sh\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise SystemExit(f"{readme} has no command {number}")
    return found[1].strip()


if __name__ == "__main__":
    print(command(int(sys.argv[1])))
