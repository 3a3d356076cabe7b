"""The operations of the server: one module for each API group and version, imported when it is first used."""
