"""What `cmake --install` makes, static and shared: the example in examples/embed finds the package, links it and runs."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DIGITS = ROOT / "examples/digits"


def sh(*words, **environment):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, env={**os.environ, **environment}, cwd=ROOT)
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module", params=("static", "shared"))
def prefix(request, command, tmp_path_factory):
    prefix = tmp_path_factory.mktemp(request.param)
    build = pathlib.Path(command).parent
    if request.param == "shared":
        build = ROOT / "build/shared"
        sh("cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DBUILD_SHARED_LIBS=ON", "-DTSRUN_BUILD_TESTS=OFF", "-DCMAKE_BUILD_TYPE=Release")
        sh("cmake", "--build", build)  # ccache has the objects: they are those of the static library
    sh("cmake", "--install", build, "--prefix", prefix, "--component", "library", "--strip")
    return prefix


def run_example(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_example_finds_the_package(prefix, tmp_path):
    sh("cmake", "-S", ROOT / "examples/embed", "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release")
    sh("cmake", "--build", tmp_path)
    code, text = run_example(tmp_path / "embed", DIGITS / "digits.pt", DIGITS / "digit.npy")
    assert code == 0 and "class 3" in text, text
    code, text = run_example(tmp_path / "embed", DIGITS / "digit.npy", DIGITS / "digit.npy")  # an Error crosses the library's border
    assert code == 3 and "digit.npy" in text


@pytest.mark.skipif(not shutil.which("pkg-config"), reason="pkg-config is not installed")
def test_pkg_config(prefix, tmp_path):
    folder = next(prefix.glob("lib*/**/pkgconfig"))
    library = next(prefix.glob("lib*/**/libtsrun.*")).parent
    static = ["--static"] if (library / "libtsrun.a").exists() else []
    flags = sh("pkg-config", "--cflags", "--libs", *static, "tsrun", PKG_CONFIG_PATH=str(folder)).split()
    sh("c++", "-std=c++20", ROOT / "examples/embed/main.cpp", "-o", tmp_path / "embed", *flags, f"-Wl,-rpath,{library}")
    code, text = run_example(tmp_path / "embed", DIGITS / "digits.pt", DIGITS / "digit.npy")
    assert code == 0 and "class 3" in text, text


def test_installed_command_runs(prefix):
    code, text = run_example(prefix / "bin/tsrun", DIGITS / "digits.pt", DIGITS / "digit.npy")
    assert code == 0, text


def test_shared_library_shows_the_public_names_alone(prefix):
    libraries = list(prefix.glob("lib*/**/libtsrun.so"))
    if not libraries:
        pytest.skip("static")
    assert libraries[0].stat().st_size < 10 << 20
    names = [line.split(maxsplit=2)[2] for line in sh("nm", "-DC", "--defined-only", libraries[0]).splitlines()]
    assert any(n.startswith("tsrun::load(") for n in names)
    public = "".join(p.read_text() for p in (ROOT / "include/tsrun").glob("*.h"))
    for name in names:
        match = re.match(r"tsrun::(\w+)", name)
        assert match and re.search(rf"\b{match[1]}\b", public) and "Impl::" not in name.replace("TensorImpl::", ""), name
