"""Networks of the libraries that people use, saved by PyTorch and run by tsrun: optimised and as written, each call against PyTorch's answer.

The layers of torch.nn all run each time; of the libraries a third that changes every day, or the one that --third names. With --full
the large ones run too, whose files are not kept, and all thirds unless one is named.
"""

import datetime
import os
import resource
import zlib

import pytest

torch = pytest.importorskip("torch")

import zoo_entries as zoo  # noqa: E402

LARGEST = 12 << 30  # bytes of address space: a network that grows without bounds must not take the machine with it


def thirds_of(config):
    """The thirds of the libraries that run."""
    named = config.getoption("--third")
    if named is None and config.getoption("--full"):
        return (0, 1, 2)
    return (datetime.date.today().toordinal() % 3 if named is None else named,)


def pytest_generate_tests(metafunc):
    full, thirds = metafunc.config.getoption("--full"), thirds_of(metafunc.config)
    chosen = [
        pytest.param(made, form, id=f"{made.id}-{form}")
        for made in zoo.ENTRIES.values()
        for form in made.forms
        if (full or not made.large) and (made.library == "nn" or zlib.crc32(made.id.encode()) % 3 in thirds)
    ]
    metafunc.parametrize(("made", "form"), chosen)


@pytest.fixture(scope="module", autouse=True)
def bounded_memory():
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def test_network(tsrun, cache, made, form):
    if made.missing():
        pytest.skip("not installed: " + ", ".join(made.missing()))
    path, calls, refused = zoo.build(made, form, str(cache / "zoo"))
    if refused:
        pytest.skip("PyTorch does not save it: " + refused[:200])
    try:
        for optimize in (True, False):
            wrong = zoo.run(tsrun, made, path, calls, optimize)
            assert not wrong, wrong if optimize else f"as written: {wrong}"
    finally:
        if made.large:
            os.remove(path)
            os.remove(path.removesuffix(".pt") + ".calls.pt")
