"""Attempts and samples of a results folder."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, TypedDict, Union

from ._database import reading


class AttemptRow(TypedDict):
    """An attempt, in a trial that it serves."""

    experiment: str
    run: int
    """The run whose job it decided; it may have been made by an earlier one."""
    trial: int
    """Position of the trial in its plan."""
    axes: Dict[str, Any]
    """The trial: the value of each axis."""
    stage: str
    parameters: Dict[str, Any]
    attempt: int
    """Its number, by which ``orchestrate logs`` knows it."""
    state: str
    """``succeeded``, ``failed``, ``cancelled``, ``lost``, ``running`` or ``leased``."""
    message: Optional[str]
    """Why it failed."""
    invalid_reason: Optional[str]
    """Why its result is wrong, if somebody has said so."""
    seed: int
    started_at: str
    """In UTC, as ISO 8601 says."""
    ended_at: Optional[str]
    seconds: Optional[float]
    """From begin to end."""
    cpu_seconds: Optional[float]
    """Processor time of all its processes."""
    max_rss_bytes: Optional[int]
    machine: str
    """Fingerprint of the machine."""
    commit: str
    """The project's commit when it was made."""
    artifacts: Dict[str, Path]
    """Where its files and folders are stored, by name."""


class SampleRow(TypedDict):
    """A measured value, in a trial that it counts for."""

    experiment: str
    run: int
    trial: int
    axes: Dict[str, Any]
    stage: str
    attempt: int
    metric: str
    unit: str
    value: float
    """May be NaN or infinite."""
    repetition: int
    warmup: bool
    """Whether statistics leave it out."""
    block: Optional[int]
    position: Optional[int]


class Results:
    """Attempts of a results folder, and what they measured."""

    def __init__(self, folder: str, attempts: List[AttemptRow]) -> None:
        self.folder = folder
        """The results folder."""
        self.attempts = attempts
        """A row for each attempt and trial that it serves."""

    @functools.cached_property
    def samples(self) -> List[SampleRow]:
        """A row for each value that the attempts measured and trial that it counts for; read when first asked for."""
        with reading(_database(self.folder)) as connection:
            wanted = sorted({row["attempt"] for row in self.attempts})
            connection.execute("CREATE TEMP TABLE wanted (id INTEGER PRIMARY KEY)")
            connection.executemany("INSERT INTO wanted VALUES (?)", ((number,) for number in wanted))
            by_attempt: Dict[int, List[Tuple[Any, ...]]] = {}
            for attempt, *values in connection.execute(
                """
                SELECT sample.attempt_id, metric.name, metric.unit,
                  CASE sample.special WHEN 'Infinity' THEN 9e999 WHEN '-Infinity' THEN -9e999 ELSE sample.value END,
                  sample.repetition, sample.is_warmup, sample.block, sample.position
                FROM wanted JOIN sample ON sample.attempt_id = wanted.id JOIN metric ON metric.id = sample.metric_id
                ORDER BY sample.attempt_id, sample.ordinal
                """
            ):
                by_attempt.setdefault(attempt, []).append(tuple(values))
        return [_sample(row, values) for row in self.attempts for values in by_attempt.get(row["attempt"], ())]

    def attempts_frame(self) -> Any:
        """The attempts as a pandas data frame, with a column for each axis (`axis_NAME` if there is a column NAME).

        Raises:
            ImportError: There is no pandas.
        """
        return _frame(self.attempts, AttemptRow.__annotations__)

    def samples_frame(self) -> Any:
        """The samples as a pandas data frame, with a column for each axis (`axis_NAME` if there is a column NAME).

        Raises:
            ImportError: There is no pandas.
        """
        return _frame(self.samples, SampleRow.__annotations__)


def read(
    folder: Union[str, "os.PathLike[str]"] = "results",
    *,
    experiment: Optional[str] = None,
    run: Optional[int] = None,
    invalidated: bool = False,
    failed: bool = False,
) -> Results:
    """Reads what experiments have measured; also while one runs, and where nothing may be written.

    Without ``run`` it is the latest valid result of each stage and trial, whichever run has made or used it.

    Args:
        folder: The results folder, or its database file.
        experiment: Only of this experiment.
        run: Of this run only, as ``orchestrate runs`` numbers them.
        invalidated: Whether results count that somebody has marked as wrong (``orchestrate invalidate``).
        failed: Every attempt instead, whatever became of it.

    Raises:
        FileNotFoundError: There are no results.
        ValueError: The database is none that can be read.
        LookupError: There is no such experiment or run.
    """
    path = _database(os.fspath(folder))
    with reading(path) as connection:
        _require_known(connection.execute("SELECT DISTINCT name FROM spec"), "experiment", experiment)
        _require_known(connection.execute("SELECT id FROM run"), "run", run)
        conditions, values = ["1"], []
        for column, value in (("spec.name", experiment), ("run.id", run)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        if not failed:
            conditions.append("attempt.state = 'succeeded'")
            if not invalidated:
                conditions.append("attempt.invalid_reason IS NULL")
        artifacts: Dict[int, Dict[str, Path]] = {}
        home = Path(path).parent / "artifacts"
        for attempt, name, digest in connection.execute("SELECT attempt_id, name, sha256 FROM artifact ORDER BY attempt_id, name"):
            artifacts.setdefault(attempt, {})[name] = home / digest[:2] / digest[2:]
        query = (_EVERY if failed else _LATEST).format(conditions=" AND ".join(conditions))
        attempts = [_attempt(row, artifacts) for row in connection.execute(query, values)]
    return Results(str(Path(path).parent), attempts)


_COLUMNS = """
  spec.name, run.id AS run, trial.position AS trial, trial.assignment, job.stage, job.parameters, attempt.id AS attempt, attempt.state,
  attempt.message, attempt.invalid_reason, attempt.seed, attempt.started_at, attempt.ended_at,
  (attempt.ended_ns - attempt.started_ns) / 1e9,
  attempt.user_seconds + attempt.system_seconds, attempt.max_rss_bytes, machine.fingerprint, code_state.commit_id
"""

_SOURCES = """
JOIN job ON job.plan_id = run.plan_id AND job.position = {job}
JOIN job_trial ON job_trial.plan_id = job.plan_id AND job_trial.job_position = job.position
JOIN trial ON trial.plan_id = job_trial.plan_id AND trial.position = job_trial.trial_position
JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id
JOIN run AS maker ON maker.id = attempt.run_id
JOIN machine ON machine.id = attempt.machine_id JOIN code_state ON code_state.id = maker.code_state_id
"""

_EVERY = (
    f"SELECT {_COLUMNS} FROM attempt JOIN run ON run.id = attempt.run_id {_SOURCES.format(job='attempt.job_position')} "
    "WHERE {conditions} ORDER BY attempt.id, trial.position"
)

_LATEST = f"""
SELECT * FROM (
  SELECT {_COLUMNS}, row_number() OVER (
    PARTITION BY spec.name, job.stage, trial.assignment ORDER BY run.sequence DESC, run.uid DESC
  ) AS place
  FROM run_job JOIN run ON run.id = run_job.run_id JOIN attempt ON attempt.id = run_job.attempt_id
  {_SOURCES.format(job="run_job.job_position")}
  WHERE run_job.state IN ('done', 'reused') AND {{conditions}}
) WHERE place = 1 ORDER BY run, trial, attempt
"""


def _database(folder: str) -> str:
    return folder if os.path.isfile(folder) else os.path.join(folder, "results.sqlite")


def _require_known(rows: Iterable[Tuple[Any, ...]], kind: str, wanted: Any) -> None:
    known = [row[0] for row in rows] if wanted is not None else []
    if wanted is not None and wanted not in known:
        names = ", ".join(str(name) for name in sorted(known)[-20:])
        raise LookupError(f"there is no {kind} {wanted!r}; known: {names or 'none'}")


def _attempt(row: Sequence[Any], artifacts: Mapping[int, Dict[str, Path]]) -> AttemptRow:
    return AttemptRow(
        experiment=row[0],
        run=row[1],
        trial=row[2],
        axes=json.loads(row[3]),
        stage=row[4],
        parameters=json.loads(row[5]),
        attempt=row[6],
        state=row[7],
        message=row[8],
        invalid_reason=row[9],
        seed=row[10],
        started_at=row[11],
        ended_at=row[12],
        seconds=row[13],
        cpu_seconds=row[14],
        max_rss_bytes=row[15],
        machine=row[16],
        commit=row[17],
        artifacts=dict(artifacts.get(row[6], {})),
    )


def _sample(attempt: AttemptRow, values: Sequence[Any]) -> SampleRow:
    metric, unit, value, repetition, warmup, block, position = values
    return SampleRow(
        experiment=attempt["experiment"],
        run=attempt["run"],
        trial=attempt["trial"],
        axes=attempt["axes"],
        stage=attempt["stage"],
        attempt=attempt["attempt"],
        metric=metric,
        unit=unit,
        value=float("nan") if value is None else value,
        repetition=repetition,
        warmup=bool(warmup),
        block=block,
        position=position,
    )


def _frame(rows: Sequence[Any], columns: Mapping[str, Any]) -> Any:
    try:
        import pandas  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError as problem:
        raise ImportError(
            f"data frames take pandas, which cannot be imported ({problem}); 'pip install pandas', or use the plain rows"
        ) from problem
    plain = [name for name in columns if name != "axes"]
    frame = pandas.DataFrame.from_records([{name: row[name] for name in plain} for row in rows], columns=plain)
    names = list(dict.fromkeys(name for row in rows for name in row["axes"]))
    for place, name in enumerate(names, start=3):
        column = f"axis_{name}" if name in columns else name
        frame.insert(place, column, [row["axes"].get(name) for row in rows])
    return frame
