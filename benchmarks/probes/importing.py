"""Import what is named and make it ready, in this fresh process: `importing.py MODULE_PATH_TO_WALK | -c STATEMENTS`.

Prints the seconds of processor time and the resident memory after it. What this program itself needs is in the
interpreter: no module is imported before the clock starts but `sys` and `time`.
"""

import sys
import time


def main() -> None:
    if sys.argv[1] == "-c":
        code = compile(sys.argv[2], "statements", "exec")
        start = time.process_time()
        exec(code, {"__name__": "statements"})
    else:
        start = time.process_time()
        count = sum(map(_every_module, sys.argv[1:]))
    seconds = time.process_time() - start
    modules = 0 if sys.argv[1] == "-c" else count
    print(f'{{"seconds": {seconds}, "memory": {_memory()}, "modules": {modules}}}')


def _every_module(name: str) -> int:
    """Import a package and all that is below it; how many modules those are."""
    import importlib
    import pkgutil

    package = importlib.import_module(name)
    count = 1
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        try:
            importlib.import_module(module.name)
            count += 1
        except Exception:  # a module that needs an extra or a cluster, or is broken as a peer made it
            pass
    return count


def _memory() -> int:
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) * 1024
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


main()
