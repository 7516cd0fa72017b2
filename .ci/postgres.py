"""A throw-away PostgreSQL server: a temporary folder, a Unix socket, no port, gone at the end.

As a command, runs another one with DATABASE_URL set to it:
    .venv/bin/python .ci/postgres.py make demo
"""

import getpass
import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
# Data that dies with the run needs no safety against a power cut: 3 times faster suites.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, newest version first; None when there is none."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [Path(folder) for pattern in SYSTEM_FOLDERS for folder in glob.glob(pattern)]
    usable = [folder for folder in found if (folder / "initdb").exists()]
    return max(usable, key=_version, default=None)


def _version(folder: Path) -> int:
    digits = "".join(c if c.isdigit() else " " for c in str(folder)).split()
    return int(digits[-1]) if digits else 0


def _server_account() -> str | None:
    """The account to run as: PostgreSQL refuses root. None: the current one will do."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def throwaway_server(binaries: Path) -> Iterator[str]:
    """Start a server, give its DATABASE_URL, stop it and delete everything.

    Raises subprocess.CalledProcessError with the server's words when it cannot start.
    """
    # /tmp and not TMPDIR: a Unix socket's path holds 107 bytes (103 on macOS).
    folder = Path(tempfile.mkdtemp(prefix="mediation-pg-", dir="/tmp"))
    account = _server_account()

    def run(tool: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(binaries / tool), *arguments],
            user=account,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=(folder / "output").open("a"),
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            raise subprocess.CalledProcessError(
                done.returncode, tool, output=(folder / "output").read_text()
            )

    try:
        if account:
            shutil.chown(folder, account)
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        data = str(folder / "data")
        run(
            "initdb",
            f"--pgdata={data}",
            "--username=mediation",
            "--auth=trust",
            "--encoding=UTF8",
            f"--locale={locale}",
            "--no-sync",
        )
        options = ["-c listen_addresses=''", f"-k {folder}", *(f"-c {one}" for one in SPEED)]
        run("pg_ctl", f"--pgdata={data}", "--wait", "--options", " ".join(options), "start")
        try:
            yield f"postgres://mediation@/postgres?host={folder}"
        finally:
            run("pg_ctl", f"--pgdata={data}", "--mode=immediate", "--wait", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_command(command: list[str], environment: dict[str, str]) -> int:
    """Run to the end; on Ctrl-C, wait until it has stopped: its server must outlive it."""
    with subprocess.Popen(command, env=environment) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.terminate()
            return child.wait()


def main() -> int:
    """Run the command given, with DATABASE_URL set; its exit code."""
    binaries = find_binaries()
    if binaries is None:
        print("PostgreSQL's initdb is not on this machine.", file=sys.stderr)
        return 1
    try:
        with throwaway_server(binaries) as url:
            return run_command(sys.argv[1:], {**os.environ, "DATABASE_URL": url})
    except subprocess.CalledProcessError as error:
        print(f"PostgreSQL could not start ({getpass.getuser()}):\n{error.output}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
