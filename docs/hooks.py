"""What the site has beyond its Markdown: formulas as MathML, the reports of the gallery, and nothing from elsewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pypdfium2
from latex2mathml.converter import convert
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

FORMULA: Final = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)
COMMANDS: Final = re.compile(r"^<!-- made: with the site -->\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE: Final = re.compile(r"^<!-- file: (\S+) -->\n```(\w+)$", re.MULTILINE)
#: Attributes that a browser follows by itself.
FETCHED: Final = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The name of a file above its text; no column for the sections of a page that has none."""
    if "\n## " not in markdown:
        page.meta["hide"] = ["toc"]
    return FILE.sub(r'```\2 title="\1"', markdown)


def on_page_content(html: str, **_: Any) -> str:
    r"""Formulas, ``\(...\)`` and ``\[...\]``, as MathML."""

    def mathml(found: re.Match[str]) -> str:
        tag, bracket, latex = found.groups()
        formula = convert(unescape(latex).strip(), display="block" if bracket == "[" else "inline")
        return f'<{tag} class="arithmatex">{formula}</{tag}>'

    return FORMULA.sub(mathml, html)


def on_files(files: Any, config: Any) -> None:
    """Run the commands of gallery.md, which write into gallery/; add what they write, with a picture of each PDF."""
    page = (Path(config.docs_dir) / "gallery.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for line in "".join(COMMANDS.findall(page)).splitlines():
            program, *arguments = shlex.split(line)
            assert program == "backproof", line
            done = subprocess.run(
                [sys.executable, "-m", program, *arguments], cwd=folder, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise PluginError(f"{line}\n{done.stdout}{done.stderr}")
        for pdf in sorted(Path(folder).rglob("*.pdf")):
            document = pypdfium2.PdfDocument(pdf)
            document[0].render(scale=1.5).to_pil().save(pdf.with_suffix(".png"))
            document.close()
        for path in sorted(Path(folder).rglob("*.*")):
            name = path.relative_to(folder).as_posix()
            files.append(File.generated(config, name, content=path.read_bytes()))


class Fetched(HTMLParser):
    """What a browser fetches for a page without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if (tag, name) in FETCHED]


def elsewhere(text: str, suffix: str) -> Iterator[str]:
    """Addresses outside of the site that a page or a style sheet fetches."""
    page = Fetched()
    if suffix == ".html":
        page.feed(text)
    for address in [*page.found, *re.findall(r"(?:url\(|@import )\s*[\"']?([^\"')\s]+)", text)]:
        if re.match(r"(?:https?:)?//", address):
            yield address


def on_post_build(config: Any) -> None:
    """Refuse a site that fetches anything from elsewhere."""
    for path in Path(config.site_dir).rglob("*"):
        if path.suffix in {".html", ".css"}:
            for address in elsewhere(path.read_text(encoding="utf-8"), path.suffix):
                raise PluginError(f"{path} fetches {address}")
