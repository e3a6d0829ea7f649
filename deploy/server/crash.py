"""What a program said before it ended badly, for the one who pushes: a traceback goes to ``trace/`` below HOME."""

import time

from deploy.server.home import Home
from registrations import traces

FOLDER = "trace"


def told(home: Home, said: str, name: str) -> str:
    """Return ``said`` without a traceback: that is kept in a file named for now and ``name``, and a sentence stands for it."""
    ours, trace = traces.split(said)
    if not trace:
        return said
    file = home.path / FOLDER / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{name}.txt"
    sentence = traces.sentence(f"{file} på servern", kept=traces.keep(file, trace))
    return f"{ours}\n\n{sentence}".lstrip()
