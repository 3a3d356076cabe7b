"""The command line: python -m tests.contract [DIRECTORY] [--release NAME] [--list SORT] [--json] [-v]."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.contract.plans import Sort

GENERATED = Path(__file__).parents[2] / "generated"
RECORDINGS = Path(__file__).parent / "recordings"


def main(arguments: list[str] | None = None) -> int:
    """Compare the client with recorded exchanges; 0 no difference, 1 a difference, 2 could not run."""
    options = _options(arguments)
    package = GENERATED / options.release
    if not package.is_dir():
        return _failed(f"There is no generated/{options.release}.\nRun `make generate RELEASE={options.release}`.")
    sys.path.insert(0, str(package / "src"))
    try:
        # Only now, so that a package that cannot be imported ends in a sentence.
        from tests.contract.contract import judged
        from tests.contract.recording import RecordingError, read_recordings
        from tests.contract.report import as_json, listing, table
    except (ImportError, SyntaxError) as error:
        return _failed(f"The client cannot be imported: {error}.\nRun `make setup` and `make generate`.")
    try:
        exchanges = read_recordings(options.directory)
        document = json.loads((package / "openapi.json").read_bytes())
    except RecordingError as error:
        return _failed(str(error))
    except (OSError, ValueError) as error:
        return _failed(f"openapi.json of the generated package cannot be read: {error}.\nRun `make generate`.")
    verdicts = judged(exchanges, document)
    if options.json:
        print(as_json(str(options.directory), verdicts))
    else:
        wanted = list(Sort) if options.verbose else options.list
        for line in listing(one for one in verdicts if one.sort in wanted):
            print(line)
        print(table(verdicts))
    return int(any(one.sort is Sort.DIFFERENT for one in verdicts))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    sorts = [sort.value for sort in Sort]
    parser = argparse.ArgumentParser(
        prog="python -m tests.contract",
        description="Drive the generated client against recorded exchanges of a real server.",
        epilog="Ends with 0 where nothing differs, 1 where something does, 2 where it could not run.",
    )
    parser.add_argument(
        "directory", nargs="?", type=Path, default=RECORDINGS, help="holds *.jsonl files; by default those of the tests"
    )
    parser.add_argument("--release", default="release-3.0", help="a folder under generated/; by default release-3.0")
    parser.add_argument(
        "--list", action="append", default=[], choices=sorts, metavar="SORT", help=f"list one sort: {', '.join(sorts)}"
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every exchange")
    return parser.parse_args(arguments)


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
