"""What can go wrong with an attempt."""

from __future__ import annotations


class InputError(ValueError):
    """Parameters or inputs are wrong; a task that raises it is not tried again."""


class MissingError(InputError, KeyError):
    """There is no parameter or input of that name."""

    def __str__(self) -> str:
        return str(self.args[0])


class WorkerError(RuntimeError):
    """The worker or its machine is at fault, not the task: the worker is replaced, and the task tried again on another process."""


class Cancelled(BaseException):
    """The orchestrator has asked to give the task up.

    It is raised in the task wherever it is, as Ctrl-C is, and is no ``Exception``, so that ``except Exception`` does not hold it up. A
    task that has something to save does so in ``finally``, within the stage's ``grace``.
    """
