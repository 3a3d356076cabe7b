"""What the measurements were made on: processor, memory, system and Python."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path


def described() -> list[str]:
    """The lines of it."""
    return [
        f"Processor: {_processor()}, {os.cpu_count()} cores",
        f"Memory: {_memory() / 2**30:.1f} GiB",
        f"System: {_system()}, {platform.machine()}",
        f"Python: {platform.python_implementation()} {sys.version.split()[0]}",
    ]


def available_memory() -> int:
    """The bytes that a run may still take, or 0 where the system does not say."""
    return _field(Path("/proc/meminfo"), "MemAvailable") * 1024


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):  # a system that does not say
        return 0


def _field(file: Path, name: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or "of unknown make"


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name} ({platform.system()} {platform.release()})"
