"""The command line: reads arguments, calls, prints."""

from __future__ import annotations

import click

from generator.cli.documents import explain, report
from generator.cli.packages import generate, release_version
from generator.cli.states import drift, update


@click.group()
@click.version_option(package_name="kubesphere-client-generator", prog_name="ks-codegen")
def main() -> None:
    """Make the Python client of KubeSphere from its published API description."""


for _command in (generate, drift, update, release_version, report, explain):
    main.add_command(_command)
