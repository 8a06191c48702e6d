"""What all Python tests share: the runtime under test, the folder of generated files, and the settings PyTorch computes with."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
for folder in ("conformance", "conformance/opinfo", "models", "language", "zoo"):
    sys.path.insert(0, str(ROOT / "tests" / folder))


def pytest_addoption(parser):
    parser.addoption("--tsrun", default=str(ROOT / "build/release/tsrun"), help="the command under test")
    parser.addoption("--cache", default=str(ROOT / "build/test-cache"), help="where models and cases made by PyTorch are kept")
    parser.addoption("--opinfo-dtypes", default="float32,error", help="dtypes of the OpInfo cases to run, by commas; `rotating` is one a day")
    parser.addoption("--full", action="store_true", help="all networks of the zoo and the large ones, not only the third of the day")
    parser.addoption("--third", type=int, choices=(0, 1, 2), help="this third of the zoo instead of the day's")


def known_failures():
    """tests/known_failures.txt: a reason after '#', then the ids of the tests that fail for it, one a line."""
    reasons, reason = {}, ""
    path = ROOT / "tests" / "known_failures.txt"
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("#"):
            reason = line[1:].strip()
        elif line.strip():
            reasons[line.strip()] = reason
    return reasons


def pytest_collection_modifyitems(items):
    reasons = known_failures()
    for item in items:
        if item.nodeid in reasons:
            reason = reasons[item.nodeid]
            item.add_marker(pytest.mark.xfail(reason=reason, strict=not reason.startswith("rounding:")))


@pytest.fixture(scope="session")
def tsrun():
    """The Python module, imported here so that its absence fails tests instead of stopping the collection."""
    import tsrun

    return tsrun


@pytest.fixture(scope="session")
def command(request):
    path = pathlib.Path(request.config.getoption("--tsrun"))
    assert path.exists(), f"no command at {path}: build it, or name it with --tsrun"
    return str(path)


@pytest.fixture(scope="session")
def cache(request):
    path = pathlib.Path(request.config.getoption("--cache"))
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="session", autouse=True)
def reference_settings():
    """One thread and the plain executor: PyTorch's answers do not depend on the machine or on how often a method ran."""
    try:
        import torch
    except ImportError:  # the golden models run without PyTorch
        return
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)


def group_of(nodeid):
    """Tests are counted by folder, and below that by family, topic or test function."""
    path, _, name = nodeid.partition("::")
    folder = "/".join(path.split("/")[1:-1])
    function, _, parameters = name.partition("[")
    if path.endswith("test_families.py"):
        return f"{folder}/{parameters.split(' ')[0].rstrip('0123456789')}"
    if folder == "zoo":
        return f"{folder}/{parameters.split('/')[0]}/{parameters.rstrip(']').rpartition('-')[2]}"
    if function == "test_program":
        return f"{folder}/{parameters.split('/')[0]}"
    return f"{folder}/{function}" if folder in ("models", "language") else folder


def pytest_terminal_summary(terminalreporter, config):
    counts = {}
    for outcome in ("passed", "failed", "error", "skipped", "xfailed", "xpassed"):
        for report in terminalreporter.stats.get(outcome, []):
            if outcome == "passed" and report.when != "call":
                continue
            row = counts.setdefault(group_of(report.nodeid), dict.fromkeys(("passed", "failed", "error", "skipped", "xfailed", "xpassed"), 0))
            row[outcome] += 1
    if counts:
        terminalreporter.write_line("== by group")
        for group, row in sorted(counts.items()):
            terminalreporter.write_line(f"{group:34s}" + "".join(f"{n:7d} {outcome}" for outcome, n in row.items() if n))
