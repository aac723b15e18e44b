"""A worker process: does what it is handed until it is told to end, or its caller is gone.

Messages are pickled one after another. In: ``("work", bytes)``, what to do with the items that
follow, ``("prepare",)``, to call the work's own ``prepare`` before there is an item, and
``("item", bytes, language)``; the bytes are pickles of their own. Out: a greeting, then
``(done, bytes)`` for every item: its result, or the exception it ended in.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from threadpoolctl import threadpool_limits

from greenland.errors import GreenlandError, WorkError
from greenland.i18n import use_language
from greenland.workers.count import VARIABLE
from greenland.workers.process import GREETING, MEMORY

Message = tuple[Any, ...]
GARBAGE = (100_000, 50, 50)  # as the command has it: tables, too, live as long as a task


def main() -> None:
    """Answer messages from standard input on standard output; imports the arguments first."""
    # whatever prints here, in Python or below it, must not end up between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.environ[VARIABLE] = "1"  # a worker starts none of its own
    messages: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, messages), daemon=True).start()
    for name in sys.argv[1:]:
        import_module(name)
    gc.freeze()  # modules live to the end; what they hold need not be searched for garbage
    gc.set_threshold(*GARBAGE)
    _bound_memory()
    _send(answers, GREETING)
    with threadpool_limits(1):
        _serve(messages, answers)


def _bound_memory() -> None:
    """Let memory beyond the bound be refused, so that a task fails and not the machine."""
    asked = os.environ.get(MEMORY, "")
    if not asked.isdigit() or sys.platform != "linux":
        return
    import resource

    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = held * resource.getpagesize() + int(asked) * 2**20
    with suppress(OSError, ValueError):  # a tighter bound is in force already
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _read(stream: BinaryIO, messages: SimpleQueue[Message]) -> None:
    """Hand on messages; when the caller is gone, end at once, in the middle of work as well."""
    while True:
        try:
            messages.put(pickle.load(stream))
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)


def _send(stream: BinaryIO, message: Any) -> None:
    """Hand on an answer; when the caller is gone, end as quietly as `_read` does."""
    try:
        pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
        stream.flush()
    except OSError:
        os._exit(0)


def _serve(messages: SimpleQueue[Message], answers: BinaryIO) -> None:
    packed, work = b"", None
    while True:
        kind, *rest = messages.get()
        if kind == "work":
            packed, work = rest[0], None
            continue
        if kind == "prepare":
            with suppress(Exception):  # whatever it is, the first item ends in it as well
                work = work or pickle.loads(packed)
                work.prepare()
            continue
        content, spoken = rest
        with use_language(spoken):
            try:
                work = work or pickle.loads(packed)
                result = work(pickle.loads(content))
                answer = (True, pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
            except Exception as error:  # whatever it is, the caller is told
                answer = (False, _packed(error))
        _send(answers, answer)


def _packed(error: Exception) -> bytes:
    """An exception as bytes; as its words where it cannot be pickled."""
    if not isinstance(error, GreenlandError):
        error.add_note("".join(traceback.format_exception(error)).rstrip())
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:
        return pickle.dumps(WorkError("", f"{type(error).__name__}: {error}"))
    return packed
