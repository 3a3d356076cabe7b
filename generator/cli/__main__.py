"""`python -m generator.cli`, which is `ks-codegen`."""

from generator.cli import main

main()
