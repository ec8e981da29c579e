"""Experiments from Python: what a program measures, workers of a few lines, and what experiments have measured.

    import orchestrate

    settings = orchestrate.parameters(rate=0.1)
    for epoch in range(10):
        orchestrate.log(step=epoch, loss=train(settings["rate"]))
    orchestrate.metric("accuracy", test())

The same program runs by hand, and then prints what it would record.
"""

from typing import TYPE_CHECKING, Any

from ._errors import Cancelled, InputError, WorkerError
from ._parameters import parameters
from ._recording import artifact, flush, inputs, log, measurement, metric, output, progress, sample, scratch, seed
from ._task import task
from ._version import __version__
from ._worker import serve

if TYPE_CHECKING:
    from ._results import AttemptRow, Results, SampleRow, read

__all__ = [
    "AttemptRow",
    "Cancelled",
    "InputError",
    "Results",
    "SampleRow",
    "WorkerError",
    "__version__",
    "artifact",
    "flush",
    "inputs",
    "log",
    "measurement",
    "metric",
    "output",
    "parameters",
    "progress",
    "read",
    "sample",
    "scratch",
    "seed",
    "serve",
    "task",
]


def __getattr__(name: str) -> Any:
    """Imports what reads results, and with it SQLite, only for programs that read some."""
    if name in ("AttemptRow", "Results", "SampleRow", "read"):
        from . import _results

        return getattr(_results, name)
    raise AttributeError(f"module 'orchestrate' has no attribute '{name}'")
