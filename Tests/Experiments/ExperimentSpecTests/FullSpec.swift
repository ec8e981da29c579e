/// A spec that uses every member there is.
enum FullSpec {
  static let text = #"""
    {
      "$schema": "experiment.schema.json",
      "name": "exp3",
      "title": "Steps and time", // a remark
      "description": "Refinement steps against time.",
      "parameters": { "prompt": "An abstract painting", "model": "models/emoji32", "teacher": "${model}/teacher.safetensors", "sizes": [16, 32] },
      "axes": { "seed": {"from": 43, "to": 47, "by": 2}, "steps": [0, 1, 2, 3] },
      "zip": { "size": { "width": [16, 32], "height": [16, 32] } },
      "exclude": [ { "steps": 0, "seed": 45 } ],
      "include": [ { "steps": 15, "seed": 43, "width": 16, "height": 16 } ],
      "replicates": ["seed", "width", "height", "steps"],
      "metrics": { "time.priorbrush": { "label": "Time", "unit": "s", "digits": 4, "better": "less" } },
      "maxJobs": 1000,
      "resources": { "cpu": 2, "gpu": { "indices": ["0"], "variable": "CUDA_VISIBLE_DEVICES" } },
      "inheritEnvironment": ["CUDA_HOME", "SLURM_*"],
      "observe": true,
      "workers": { "priorbrush": { "command": ["priorbrush-worker", "--root", "${projectRoot}"], "count": 1, "environment": {"THREADS": "1"}, "maxRequests": 100, "sources": ["lib/**/*.py"], "observe": false } },
      "stages": {
        "coarse": {
          "task": "priorbrush/generate",
          "with": { "prompt": "${prompt}", "seed": "${seed}", "sizes": "${sizes}", "steps": 0 },
          "inputs": { "model": "${teacher}" }
        },
        "refine": {
          "task": "priorbrush/refine",
          "with": { "seed": "${seed}", "steps": "${steps}" },
          "inputs": { "coarse": { "stage": "coarse", "artifact": "image" } },
          "when": { "steps": [1, 2, 3, 15] }
        },
        "timing": {
          "task": "priorbrush/time",
          "with": { "steps": "${steps}", "width": "${width}", "height": "${height}" },
          "needs": ["refine"],
          "lane": "timed",
          "timeLimit": "10m",
          "retries": 1,
          "priority": 5,
          "measurement": { "warmup": 1, "repetitions": 10, "order": "fixed", "innerLoop": 20, "precision": 0.02, "maximumRepetitions": 100, "timeBudget": "1.5m", "control": 0.05,
            "quiet": { "load": 0.25, "wait": "2m" } }
        },
        "distance": {
          "command": ["python3", "Scripts/distance.py", "--prompt=${prompt}", "${inputs.images}", "-o", "${outputDirectory}/d.json", "$${literal"],
          "inputs": { "images": { "stage": "coarse", "artifact": "image" } },
          "collect": ["seed"],
          "outputs": { "table": "d.json" },
          "environment": { "NAME": "${experiment}" },
          "resources": { "cpu": 1, "gpu": 1 },
          "timeLimit": 90,
          "grace": "10s",
          "memoryLimit": "1.5G",
          "retries": { "limit": 3, "backoff": "10s", "factor": 3, "longest": "2m" },
          "workingDirectory": "output",
          "sources": ["conf/*.yaml", "!conf/local.yaml"],
          "observe": true
        },
        "programs": {
          "compare": { "script": ["python3", "Scripts/distance.py", "${seed}"], "compiled": ["./distance", "${inputs.model}"] },
          "inputs": { "model": "${teacher}" }
        }
      },
      "measurement": { "warmup": 3, "repetitions": 30, "order": "abba" },
      "report": {
        "introduction": "# Steps",
        "tables": [ { "id": "table1", "title": "Times", "caption": "All.", "place": "Table 1", "rows": "seed", "rowLabel": "Trial", "rowNames": "index", "where": {"steps": 3}, "over": ["width"], "cell": "mean-sd", "best": "none",
          "columns": [ { "label": "Time (s)", "stage": "timing", "metric": "time.priorbrush", "unit": "s", "digits": 4, "format": "number", "scale": 1, "statistic": "median",
            "paper": [0.0005, null, 0.0003], "paperSummary": { "mean": 0.0003, "std": 0.0001 }, "id": "time",
            "place": "Table 1, column 2", "precision": 0.00005, "margin": 0.0001, "incomplete": "worst" },
            { "stage": "timing", "metric": "time.priorbrush", "by": ["width", "height"], "where": {"width": 16}, "cell": "best" },
            { "label": "FID", "paper": [16.7, null, null], "missing": "Inception weights" } ],
          "summary": ["mean", "std"] } ],
        "charts": [ { "id": "figure2", "title": "Time", "caption": "By steps.", "kind": "line", "x": { "axis": "steps", "label": "N" }, "where": {"width": 16}, "over": ["height"], "join": true,
          "panels": [ { "label": "Time (ms)", "unit": "ms", "series": [ { "label": "PriorBrush", "stage": "timing", "metric": "time.priorbrush", "scale": 1000, "statistic": "mean", "paper": [ {"x": 2, "y": 0.6} ] } ] } ] },
          { "id": "front", "kind": "scatter", "x": { "axis": "steps", "label": "Time", "stage": "timing", "metric": "time.priorbrush", "scale": 1000, "statistic": "median", "better": "less" },
            "panels": [ { "label": "SSIM", "better": "greater", "series": [ { "stage": "refine", "metric": "ssim" } ] } ] },
          { "id": "map", "kind": "heat", "x": { "axis": "steps" }, "y": { "axis": "seed" }, "panels": [ { "series": [ { "stage": "refine", "metric": "ssim" } ] } ] },
          { "id": "points", "kind": "points", "horizontal": true, "spread": "sd", "x": "steps", "y": { "log": true },
            "panels": [ { "references": [ { "y": 0.5, "label": "target" } ], "series": [ { "by": "seed", "stage": "refine", "metric": "ssim" } ] } ] },
          { "id": "bins", "kind": "histogram", "bins": 5, "x": "steps", "panels": [ { "series": [ { "stage": "refine", "metric": "ssim" } ] } ] },
          { "id": "course", "x": "step", "smooth": 3, "over": ["steps"], "panels": [ { "series": [ { "stage": "refine", "metric": "ssim" } ] } ] } ],
        "figures": [ { "id": "figure1", "title": "Images", "caption": "Coarse.", "where": {"seed": 43}, "magnify": 8,
          "panels": [ { "stage": "coarse", "artifact": "image", "label": "SwiftBrush", "magnify": 2 } ],
          "metrics": [ { "label": "SSIM", "stage": "refine", "metric": "ssim", "digits": 4 } ] } ],
        "claims": [
          { "id": "C16", "text": "Little extra cost", "place": "section 1", "family": "time", "where": {"steps": 3}, "over": ["width"], "remark": "At N = 3.",
            "tests": [ { "label": "ratio", "form": "ratio", "quantity": { "stage": "timing", "metric": "time.priorbrush", "statistic": "median", "scale": 1000, "where": {"width": 16} },
                "against": { "stage": "timing", "metric": "time.swiftbrush" }, "units": ["seed"], "where": {"height": 16}, "rule": { "less": 1.5 }, "incomplete": "leave-out", "unit": "ms", "digits": 2, "paper": "2.0" },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "rule": { "equal": 0.6, "margin": 0.05 } },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "rule": { "between": [0.5, 0.7] } },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "rule": { "greater": 0.1 } },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "over": "steps", "rule": { "trend": "increasing" } },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "over": "steps", "rule": { "constant": 0.01 } },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "over": "steps", "rule": { "saturatesAt": 3, "from": 1, "share": 0.1, "better": "less" } },
              { "quantity": { "stage": "timing", "metric": "time.priorbrush" }, "rule": { "identical": 0.00005 } } ] },
          { "id": "C33", "text": "COCO", "missing": "the data" } ],
        "audit": [ { "observation": "One value", "reason": "Seeds differ", "expectation": "A spread" } ]
      },
    }
    """#
}
