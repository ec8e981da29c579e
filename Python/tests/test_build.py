"""What the package's own build backend makes."""

import base64
import hashlib
import sys
import tarfile
import zipfile

import pytest

from conftest import REPOSITORY


@pytest.fixture
def backend(monkeypatch):
    monkeypatch.syspath_prepend(str(REPOSITORY / "Python"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import build_backend

    return build_backend


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_a_wheel_lists_its_files_with_their_digests(backend, kind, tmp_path):
    name = getattr(backend, f"build_{kind}")(str(tmp_path))
    with zipfile.ZipFile(tmp_path / name) as wheel:
        files = {file: wheel.read(file) for file in wheel.namelist()}
    (record,) = [file for file in files if file.endswith("/RECORD")]
    listed = {}
    for line in files[record].decode().splitlines():
        path, digest, size = line.split(",")
        listed[path] = (digest, size)
    assert set(listed) == set(files)
    for path, content in files.items():
        if path != record:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert listed[path] == (f"sha256={digest}", str(len(content)))
    modules = {path.name for path in (REPOSITORY / "Python" / "src" / "orchestrate").iterdir() if path.is_file()}
    expected = {f"orchestrate/{module}" for module in modules} if kind == "wheel" else {"orchestrate.pth"}
    assert {file for file in files if ".dist-info/" not in file} == expected


def test_the_sources_can_be_built_again(backend, tmp_path):
    name = backend.build_sdist(str(tmp_path))
    with tarfile.open(tmp_path / name) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers()}
    assert {"pyproject.toml", "build_backend.py", "PKG-INFO", "src/orchestrate/py.typed", "src/orchestrate/__init__.py"} <= names
