"""Runs the spec of the gallery and writes Docs/Gallery.md with its pictures.

Run in the project's folder, after `swift build`: python3 Examples/gallery/build.py [FOLDER OF THE PROGRAMS [FOLDER FOR THE WHOLE REPORT]]

Each chart and table stands with the part of the spec that asks for it. What differs from run to run (attempts, machine, code) is
left out, so that the page changes only when the reporter does.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SPEC = pathlib.Path("Examples/gallery/gallery.json")
DOCS = pathlib.Path("Docs")

INTRODUCTION = """# Gallery

Every kind of chart and every form of table that a report can have, each with the part of the spec that asks for it. The values are made
up; `python3 Examples/gallery/build.py` runs `Examples/gallery/gallery.json` and writes this page. [Reports](Reports.md) says how they
decide and look, the [reference](SpecReference.md#report) what each member means.
"""


def sections(markdown):
    """The sections of a page by their headings."""
    parts = re.split(r"^## (.*)$", markdown, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def cleaned(text):
    """A section without what belongs to one run."""
    text = re.sub(r"^\*Where the numbers come from:\*.*\n?", "", text, flags=re.MULTILINE)
    return text.replace("(gallery/", "(Gallery/").strip()


def main():
    programs = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".build/debug")
    spec = json.loads(SPEC.read_text())
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([programs / "orchestrate", "run", SPEC, "--results", folder], check=True)
        subprocess.run(
            [programs / "report", "build", "--results", folder, "--output", f"{folder}/pages", "--format", "md,html"], check=True)
        pages = pathlib.Path(folder) / "pages"
        found = sections((pages / "gallery.md").read_text())
        pictures = DOCS / "Gallery"
        shutil.rmtree(pictures, ignore_errors=True)
        shutil.copytree(pages / "gallery", pictures)
        if len(sys.argv) > 2:
            shutil.copytree(pages, sys.argv[2], dirs_exist_ok=True)
    page = INTRODUCTION
    for name, title in [("tables", "Tables"), ("charts", "Charts"), ("figures", "Figures")]:
        page += f"\n## {title}\n"
        for element in spec["report"][name]:
            request = json.dumps(element, indent=2, ensure_ascii=False)
            page += f"\n### {element['title']}\n\n{cleaned(found[element['title']])}\n\n"
            page += f"<details><summary>The part of the spec</summary>\n\n```json\n{request}\n```\n\n</details>\n"
    page += f"\n## Claims\n\n{cleaned(found['Claims'])}\n"
    (DOCS / "Gallery.md").write_text(page)


main()
