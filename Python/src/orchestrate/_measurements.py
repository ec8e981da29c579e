"""What an attempt measured and made, as the orchestrator takes it."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from . import _values

JSONObject = Dict[str, Any]

_SERIES_BYTES = 8 << 20
"""Room for logged steps in a result: they must leave some for everything else."""

_POINT_BYTES = 90
"""About what a sample takes besides the name of its metric."""


class Measurements:
    """Metrics, samples and artifacts, and the values that were logged with a step.

    What is recorded again under the same name replaces what was there, but for samples.
    """

    def __init__(self) -> None:
        self.metrics: Dict[str, JSONObject] = {}
        self.samples: List[JSONObject] = []
        self.artifacts: Dict[str, JSONObject] = {}
        self.series: Dict[str, Dict[int, float]] = {}
        self.is_thinned = False
        self._repetitions: Dict[str, int] = {}
        self._series_bytes = 0

    def __bool__(self) -> bool:
        return bool(self.metrics or self.samples or self.artifacts or self.series)

    def add_metric(self, name: str, value: float, unit: str) -> None:
        """Adds a single value; a later one of the same name takes its place."""
        self.metrics[name] = {"name": name, "value": _values.json_number(value), "unit": unit}

    def add_sample(
        self, metric: str, value: float, unit: str, repetition: Optional[int], warmup: bool, block: Optional[int], position: Optional[int]
    ) -> None:
        """Adds a repeated value; without a repetition it is the next one of its metric and kind."""
        kind = f"{warmup} {metric}"
        if repetition is None:
            repetition = self._repetitions.get(kind, -1) + 1
        self._repetitions[kind] = repetition
        sample: JSONObject = {"metric": metric, "unit": unit, "repetition": repetition, "warmup": warmup}
        if block is not None:
            sample["block"] = block
        if position is not None:
            sample["position"] = position
        sample["value"] = _values.json_number(value)
        self.samples.append(sample)

    def add_artifact(self, name: str, path: str, media_type: Optional[str]) -> None:
        """Announces a file or folder; ``path`` is absolute."""
        artifact = {"name": name, "path": path}
        if media_type is not None:
            artifact["mediaType"] = media_type
        self.artifacts[name] = artifact

    def add_steps(self, step: int, values: Mapping[str, float]) -> None:
        """Adds values of one step; of a step that comes again the later value counts."""
        for name, value in values.items():
            points = self.series.setdefault(name, {})
            if step not in points:
                self._series_bytes += _POINT_BYTES + len(name)
            points[step] = value
        while self._series_bytes > _SERIES_BYTES:
            self._thin()

    def _thin(self) -> None:
        """Leaves out every second step, but never the last."""
        self.is_thinned = True
        self._series_bytes = 0
        for name, points in self.series.items():
            steps = list(points)
            kept = steps[:-1:2] + steps[-1:]
            self.series[name] = {step: points[step] for step in kept}
            self._series_bytes += len(kept) * (_POINT_BYTES + len(name))

    def result(self) -> JSONObject:
        """The members of a result.

        The last value of a series is its metric, unless one was recorded; its steps are samples that no statistic averages.
        """
        metrics = {name: _metric(name, list(points.values())[-1]) for name, points in self.series.items()}
        metrics.update(self.metrics)
        steps = [
            {"metric": name, "unit": metrics[name]["unit"], "repetition": step, "warmup": True, "value": _values.json_number(value)}
            for name, points in self.series.items()
            for step, value in points.items()
        ]
        return {"metrics": list(metrics.values()), "samples": self.samples + steps, "artifacts": list(self.artifacts.values())}


def merged(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> JSONObject:
    """Two results as one: samples are added, metrics and artifacts of the same name replaced.

    Raises:
        ValueError: The earlier result is none.
    """
    result: JSONObject = dict(earlier)
    for member, key in (("metrics", "name"), ("samples", None), ("artifacts", "name")):
        old, new = earlier.get(member) or [], later[member]
        if not isinstance(old, list) or not all(isinstance(entry, dict) for entry in old):
            raise ValueError(f"its member '{member}' is no list of objects")
        names = {entry[key] for entry in new} if key else set()
        result[member] = [entry for entry in old if not key or entry.get(key) not in names] + new
    return result


def _metric(name: str, value: float) -> JSONObject:
    return {"name": name, "value": _values.json_number(value), "unit": ""}
