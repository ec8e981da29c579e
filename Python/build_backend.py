"""Builds the package with the standard library alone (PEP 517 and 660), so that it can be installed where no package index is reached."""

import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "orchestrate"
SUMMARY = "Experiments of the orchestrator from Python: metrics, workers, results"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds the wheel; returns its name."""
    return _write_wheel(wheel_directory, {f"{NAME}/{name}": _content("src", NAME, name) for name in _modules()})


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """Builds a wheel that leads to the sources; returns its name."""
    return _write_wheel(wheel_directory, {f"{NAME}.pth": os.path.join(HERE, "src").encode() + b"\n"})


def build_sdist(sdist_directory, config_settings=None):
    """Packs the sources; returns the archive's name."""
    base = f"{NAME}-{_version()}"
    files = {f"src/{NAME}/{name}": _content("src", NAME, name) for name in _modules()}
    files.update({name: _content(name) for name in ("pyproject.toml", "build_backend.py")})
    files["PKG-INFO"] = _metadata()
    with tarfile.open(os.path.join(sdist_directory, f"{base}.tar.gz"), "w:gz") as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{base}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return f"{base}.tar.gz"


def _modules():
    return sorted(name for name in os.listdir(os.path.join(HERE, "src", NAME)) if name.endswith(".py") or name == "py.typed")


def _content(*parts):
    with open(os.path.join(HERE, *parts), "rb") as file:
        return file.read()


def _version():
    return re.search(r'__version__ = "(.+)"', _content("src", NAME, "_version.py").decode()).group(1)


def _metadata():
    lines = ["Metadata-Version: 2.1", f"Name: {NAME}", f"Version: {_version()}", f"Summary: {SUMMARY}"]
    lines += ["License: Apache-2.0", "Requires-Python: >=3.9", "Classifier: Typing :: Typed"]
    return ("\n".join(lines) + "\n").encode()


def _write_wheel(folder, files):
    base = f"{NAME}-{_version()}"
    tag = "py3-none-any"
    information = f"{base}.dist-info"
    files[f"{information}/METADATA"] = _metadata()
    files[f"{information}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in sorted(files.items()))
    files[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n".encode()
    with zipfile.ZipFile(os.path.join(folder, f"{base}-{tag}.whl"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return f"{base}-{tag}.whl"


def _digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
