"""What the built clients weigh and whom they name: the phone page's first load, and no address of another host."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PHONE = ROOT / "static" / "m"
CONSOLE = ROOT / "static" / "dist" / "console"
FIRST_LOAD = 250_000
"""Bytes gzipped, spec 06: what a phone fetches before it shows its first screen."""
FIRST_SCREENS = ("pages-home-home", "pages-sign-in-sign-in")
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([^"']+\.js)["']""")
_STYLES = re.compile(r"""["'](?:/m/|\./)?(?:assets/)?([\w.-]+\.css)["']""")
_LINKED = re.compile(r"""(?:src|href)="/m/(assets/[^"]+)\"""")
_HOST = re.compile(r"""(?:https?:|wss?:|["'(])//([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.[a-z]{2,})""")
# names of formats, and of documentation in messages; nothing is ever asked of them
NAMES = {
    "www.w3.org",
    "vuejs.org",
    "github.com",
    "element-plus.org",
    "schemas.openxmlformats.org",
    "schemas.microsoft.com",
}


@pytest.fixture(autouse=True)
def built() -> None:
    for folder in (PHONE, CONSOLE):
        assert (folder / "index.html").is_file(), "the clients are not built: python hatch_build.py"


def closure(names: set[str]) -> set[str]:
    """These modules with everything that they import before they run, by the names of their files."""
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        names |= set(_IMPORT.findall((PHONE / "assets" / name).read_text("utf-8")))
    return found


def styles_of(modules: set[str]) -> set[str]:
    """The style sheets that stand beside these modules, by the part of the name before the hash."""
    stems = {re.split(r"[.-]", name.removesuffix(".js"))[0] for name in modules}
    return {path.name for path in (PHONE / "assets").glob("*.css") if path.name.split("-")[0] in stems}


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_the_first_load_is_within_its_budget() -> None:
    linked = set(_LINKED.findall((PHONE / "index.html").read_text("utf-8")))
    eager = {Path(name).name for name in linked}
    assert any(name.startswith("index-") and name.endswith(".js") for name in eager), eager
    screens = {path.name for name in FIRST_SCREENS for path in (PHONE / "assets").glob(f"{name}.*.js")}
    assert len(screens) == len(FIRST_SCREENS), screens
    modules = closure({name for name in eager if name.endswith(".js")} | screens)
    files = modules | {name for name in eager if name.endswith(".css")} | styles_of(modules)
    page = gzipped(PHONE / "index.html")
    sizes = {name: gzipped(PHONE / "assets" / name) for name in files}
    heaviest = sorted(sizes.items(), key=lambda one: -one[1])[:4]
    print(
        f"first load: {(page + sum(sizes.values())) / 1000:.0f} kB gzipped in {len(sizes) + 1} files, {heaviest}"
    )
    assert page + sum(sizes.values()) <= FIRST_LOAD


@pytest.mark.parametrize("folder", [PHONE, CONSOLE, ROOT / "static" / "start", ROOT / "static" / "public"])
def test_no_built_file_names_a_foreign_host(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.suffix in (".js", ".css", ".html", ".svg", ".json")]
    assert files, folder
    named = {host for path in files for host in _HOST.findall(path.read_text("utf-8"))}
    assert named - NAMES == set()
