"""Make `.venv` and install locked packages into it: `python3 tooling/venv.py LOCK...`.

Run by the machine's own Python before anything is installed, so it uses the standard library only and keeps
to syntax that an old Python can still read, in order to say plainly that it is too old.

pip installs one package, uv, and uv installs the rest: it needs 1.7 s where pip needs 16 s. Each file is
checked against the hash in its lock. Where uv cannot reach the package index that pip is set up for, pip does
the work.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)


def lock(name):
    """The path of one lock file."""
    return os.path.join(ROOT, "requirements", name + ".lock")


def make_venv():
    """Make `.venv`, or make it again when its Python is gone, too old or in a checkout that was moved."""
    probe = "import sys; print(sys.prefix, sys.version_info >= %r)" % (OLDEST,)
    if os.path.exists(os.path.join(VENV, "bin", "pip")):
        with open(os.path.join(VENV, "pyvenv.cfg"), encoding="utf-8") as file:
            made_here = VENV in file.read()
        answer = subprocess.run([VENV_PYTHON, "-c", probe], stdout=subprocess.PIPE, check=False)
        if made_here and answer.stdout.decode().strip() == VENV + " True":
            return
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        sys.exit(
            "Python could not make a virtual environment: install its venv module (on Debian: python3-venv)."
        )


def install(locks):
    """Install the named locks and then this project itself, editable."""
    pip = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    hashed = ["--no-deps", "--require-hashes"]
    files = [argument for name in locks for argument in ("-r", lock(name))]
    subprocess.check_call(pip + hashed + ["-r", lock("installer")])
    environment = dict(os.environ, VIRTUAL_ENV=VENV)
    if "PIP_INDEX_URL" in environment:
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    uv = [os.path.join(VENV, "bin", "uv"), "pip", "install", "--quiet"]
    if subprocess.call(uv + hashed + files, env=environment) != 0:
        print("uv could not install the packages; trying pip.", file=sys.stderr)
        subprocess.check_call(pip + hashed + files)
    project = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT]
    subprocess.check_call(uv + project, env=environment)


def main():
    """Install the locks named on the command line and leave a stamp for make."""
    if sys.version_info < OLDEST:
        sys.exit(
            "Python 3.11 or newer is needed; this is %s. Try: make PYTHON=python3.12" % sys.version.split()[0]
        )
    locks = sys.argv[1:]
    make_venv()
    install(locks)
    for name in locks:
        with open(os.path.join(VENV, "." + name + "-installed"), "w", encoding="utf-8"):
            pass


if __name__ == "__main__":
    main()
