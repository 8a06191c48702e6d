"""One test for each OpInfo entry and dtype; its message lists the cases that differ."""

import datetime

import pytest
import torch

import opinfo


ROTATING = ("float64", "int64", "int32", "uint8", "bool", "float16", "bfloat16", "complex64")


def dtype_of_the_day():
    return ROTATING[datetime.date.today().toordinal() % len(ROTATING)]


def pytest_generate_tests(metafunc):
    if "entry" in metafunc.fixturenames:
        dtypes = metafunc.config.getoption("--opinfo-dtypes").replace("rotating", dtype_of_the_day()).split(",")
        rows = [(name, dtype) for name, dtype in opinfo.samples_list() if dtype in dtypes]
        metafunc.parametrize("entry, dtype", rows, ids=[f"{name}-{dtype}" for name, dtype in rows])


@pytest.fixture(autouse=True)
def one_generator_state():
    state = torch.get_rng_state()
    yield
    torch.set_rng_state(state)


def test_entry(entry, dtype, cache, tsrun):
    count, wrong = opinfo.failures(entry, dtype, str(cache / "opinfo"), tsrun)
    shown = "\n".join(f"  {case}: {what}" for case, what in wrong[:8])
    assert not wrong, f"{len(wrong)} of {count} cases of {entry} ({dtype}, {opinfo.group(entry)}):\n{shown}"
