"""A local Hub whose process is forked from one that has done its imports: most of a Hub's start is those."""

import json
import multiprocessing
import os
import signal
import sys
from multiprocessing.context import ForkServerProcess
from types import ModuleType
from typing import TextIO
from unittest.mock import patch

from tests.harness.hub_process import serve
from tests.harness.local_hub import ROOT, LocalHub

STOP_SECONDS = 20
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.harness.hub_process"])


class ForkedHub(LocalHub):
    """As LocalHub; what is about the command line or the life of the process itself takes that one."""

    forked: ForkServerProcess
    _out: TextIO

    def start(self, *, port: int = 0) -> "ForkedHub":
        out, into = _forks.Pipe(duplex=False)
        arguments = ["--port", str(port), "--data", str(self.folder), *self.arguments]
        self.forked = _forks.Process(
            target=serve, args=(arguments, dict(os.environ), str(ROOT), into, str(self.log))
        )
        with patch.dict(sys.modules, __main__=ModuleType("__main__")):  # else each fork imports ours again
            self.forked.start()
        into.close()
        self._out = os.fdopen(os.dup(out.fileno()), encoding="utf-8")
        out.close()
        line = self._out.readline()
        assert line, f"the local Hub ended:\n{self.log.read_text()[-2000:]}"
        self.ready = json.loads(line)
        return self

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.forked.is_alive() and self.forked.pid:
            os.kill(self.forked.pid, how)
        self.forked.join(STOP_SECONDS)
        assert not self.forked.is_alive(), "the local Hub did not end"
        self._out.close()
