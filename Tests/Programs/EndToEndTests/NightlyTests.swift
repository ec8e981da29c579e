import Foundation
import Testing

/// Calibration and nightly judgement with the real programs and a clock whose truth is known.
@Suite struct `Nights and calibrations` {
  /// Reports paired times of a and b: b takes half as long again, or what the control says; `slow` and `deaf` change the truth.
  private static let clock = """
    import json, math, os, random
    measurement = json.loads(os.environ["ORCHESTRATE_MEASUREMENT"])
    control = measurement.get("control")
    name = "calls-{}-{}".format(os.environ.get("SEED"), control)
    with open(name, "a") as calls: calls.write("x")
    noise = random.Random("{} {}".format(name, os.path.getsize(name)))
    slow = 0.2 if os.path.exists("slow") else 0
    share = 0 if control == "identity" else 0.5 if control is None else 0 if os.path.exists("deaf") else control
    samples = []
    for repetition in range(24):
        for position, name in enumerate("ab" if repetition % 2 == 0 else "ba"):
            value = 0.01 * (1 + slow) * (1 + share if name == "b" else 1) * math.exp(noise.gauss(0, 0.004))
            samples.append({"metric": "time." + name, "unit": "s", "value": value, "repetition": repetition,
                            "warmup": False, "block": repetition // 2, "position": position})
    json.dump({"metrics": [], "samples": samples}, open(os.environ["ORCHESTRATE_RESULT"], "w"))
    """

  private static let spec = """
    {
      "name": "nightly",
      "axes": { "seed": [1, 2] },
      "stages": {
        "timing": { "command": ["python3", "clock.py"], "lane": "timed", "environment": { "SEED": "${seed}" } },
        "identity": { "command": ["python3", "clock.py"], "lane": "timed", "measurement": { "control": "identity" } },
        "canary": { "command": ["python3", "clock.py"], "lane": "timed", "measurement": { "control": 0.05 } }
      },
      "measurement": { "repetitions": 24, "quiet": { "wait": 0 } }
    }
    """

  private func project() throws -> Project {
    let project = try Project()
    try project.write(Self.clock, to: "clock.py")
    try project.write(Self.spec, to: "nightly.json")
    return project
  }

  private func night(_ project: Project) throws -> Project.Outcome {
    let run = try project.run("orchestrate", "run", "nightly.json")
    #expect(run.status == 0, "\(run.errors)")
    return try project.run("report", "nightly")
  }

  @Test func `a calibration is measured, stored and quoted, and more rounds make it sharper`() throws {
    let project = try project()
    let first = try project.run("orchestrate", "calibrate", "nightly.json", "--rounds", "5", "--slowdown", "0.1")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.errors.contains("round 5 of 5, against a slow-down of 0.1"), "\(first.errors)")
    #expect(
      first.output.contains("timing:time.b/time.a: 0 false alarms in 5 comparisons with itself"), "\(first.output)")
    #expect(first.output.contains("found 5 of 5 slow-downs of 10 %"), "\(first.output)")
    let second = try project.run("orchestrate", "calibrate", "nightly.json", "--rounds", "1", "--slowdown", "0.1")
    #expect(second.output.contains("in 6 comparisons"), "\(second.output)\(second.errors)")
    let query = try project.run(
      "orchestrate", "query",
      "SELECT comparisons, planted_found, detectable >= 0.004 AND detectable < 0.05 FROM latest_calibration WHERE cell LIKE 'timing:%'",
      "--format", "csv")
    #expect(query.output.contains("6,6,1"), "\(query.output)")
    #expect(try project.run("orchestrate", "show").output.contains("calibration of this machine"))
    #expect(try project.run("orchestrate", "run", "nightly.json").status == 0)
    let check = try project.run("report", "check")
    #expect(check.output.contains("calibration   nightly: timing:time.b/time.a: 0 false alarms"), "\(check.output)")
    #expect(try project.run("orchestrate", "verify").status == 0)
    let export = try project.run("orchestrate", "export", "--format", "bundle", "bundle")
    #expect(export.status == 0, "\(export.errors)")
    #expect(try project.run("orchestrate", "merge", "bundle", "--results", "other").status == 0)
    let merged = try project.run(
      "orchestrate", "query", "SELECT count(*) FROM calibration", "--format", "csv", "--results", "other")
    let own = try project.run("orchestrate", "query", "SELECT count(*) FROM calibration", "--format", "csv")
    #expect(merged.output == own.output && !own.output.hasSuffix("\n0\n"), "\(merged.output)\(merged.errors)")
  }

  @Test func `what cannot be calibrated is refused`() throws {
    let project = try project()
    try project.write(#"{ "name": "x", "stages": { "s": { "command": ["true"] } } }"#, to: "untimed.json")
    let untimed = try project.run("orchestrate", "calibrate", "untimed.json")
    #expect(untimed.status == 2 && untimed.errors.contains("no timed stage"), "\(untimed.errors)")
    try project.write(
      #"{ "name": "y", "stages": { "s": { "command": ["true"], "lane": "timed" } }, "measurement": { "quiet": { "wait": 0 } } }"#,
      to: "unpaired.json")
    let unpaired = try project.run("orchestrate", "calibrate", "unpaired.json", "--rounds", "1")
    #expect(unpaired.status == 2 && unpaired.errors.contains("no paired timings"), "\(unpaired.errors)")
  }

  @Test func `nights are judged, changes accepted, blind nights and invalid results told`() throws {
    let project = try project()
    for _ in 0..<8 { #expect(try night(project).status == 3) }
    let ninth = try night(project)
    #expect(ninth.status == 0, "\(ninth.output)\(ninth.errors)")
    #expect(ninth.output.hasPrefix("nightly: steady\n"), "\(ninth.output)")

    try project.write("", to: "slow")
    let slow = try night(project)
    #expect(slow.status == 1 && slow.output.contains("regression  timing:time.a"), "\(slow.output)")
    #expect(slow.output.contains("slower tonight"))
    let page = try project.text(of: "reports/nightly-summary.md")
    #expect(page.contains("2 regressions") && page.contains("- **timing:time.a**: slower tonight: +"), "\(page)")
    #expect(project.exists("reports/nightly-summary.html") && project.exists("reports/nightly-summary/night-1.svg"))

    let unnamed = try project.run("orchestrate", "baseline", "accept", "timing:time.a", "--reason", "x")
    #expect(unnamed.status == 64)
    let wrong = try project.run(
      "orchestrate", "baseline", "accept", "timing:time.c", "--name", "Ada", "--reason", "x")
    #expect(wrong.status == 2 && wrong.errors.contains("it has timing:time.a, timing:time.b"), "\(wrong.errors)")
    let accept = try project.run(
      "orchestrate", "baseline", "accept", "timing:time.a", "timing:time.b", "--name", "Ada", "--reason", "safer maths")
    #expect(accept.status == 0 && accept.output.contains("timing:time.a: accepted 0.01"), "\(accept.errors)")
    let list = try project.run("orchestrate", "baseline", "list")
    #expect(list.output.contains("Ada: safer maths"), "\(list.output)")
    let history = try project.run("orchestrate", "baseline", "list", "--all")
    #expect(history.status == 0 && history.output.contains("Ada: safer maths"), "\(history.errors)")
    let accepted = try night(project)
    #expect(accepted.status == 0, "\(accepted.output)")
    #expect(try project.text(of: "reports/nightly-summary.md").contains("| Ada | safer maths |"))

    try project.write("", to: "deaf")
    let blind = try night(project)
    #expect(blind.status == 3 && blind.output.hasPrefix("nightly: blind\n"), "\(blind.output)")
    #expect(try project.text(of: "reports/nightly-summary.md").contains("**Blind:** tonight's timings"))
    try FileManager.default.removeItem(atPath: "\(project.folder)/deaf")
    #expect(try night(project).status == 0)

    let invalidated = try project.run(
      "orchestrate", "invalidate", "--stage", "timing", "--run", "13", "--reason", "fan was broken")
    #expect(invalidated.status == 0, "\(invalidated.errors)")
    let stale = try project.run("report", "nightly")
    #expect(stale.status == 3 && stale.output.contains("stale: fan was broken"), "\(stale.output)")
    #expect(try project.run("report", "build").status == 0)
    let built = try project.text(of: "reports/nightly.md")
    #expect(built.contains("**Stale:** 2 results shown here were marked as wrong since"), "\(built)")
    let check = try project.run("report", "check")
    #expect(check.status == 3 && check.output.contains("stale         nightly: "), "\(check.output)")
    #expect(try project.run("report", "nightly", "unknown").status == 2)
  }
}
