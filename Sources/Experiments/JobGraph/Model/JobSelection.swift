public import ExperimentSpec
import JSON

/// A part of a plan: the jobs that were asked for, and those they need.
public struct JobSelection: Sendable, Hashable {
  /// For each job of the plan, whether it belongs to the selection.
  public let isIncluded: [Bool]
  /// Number of jobs in the selection.
  public let count: Int

  /// Selects some jobs and those they need, directly or not.
  ///
  /// - Parameters:
  ///   - chosen: For each job, whether it was asked for.
  ///   - plan: The plan.
  /// - Complexity: O(jobs + edges).
  init(chosen: [Bool], in plan: Plan) {
    var isIncluded = chosen
    for job in plan.jobs.reversed() where isIncluded[job.index] {
      for need in job.needs { isIncluded[need] = true }
    }
    self.isIncluded = isIncluded
    count = isIncluded.count { $0 }
  }
}

extension Plan {
  /// Selects jobs by stage and by values of axes.
  ///
  /// Conditions on the same name add up, conditions on different names must all hold: `stage=timing`, `stage=image`, `steps=3` are the jobs
  /// of both stages that serve a trial with three steps, and what they need.
  ///
  /// - Parameter conditions: Arguments of `--only`: `stage=NAME`, `axis=value` or `axis=[value, …]`.
  /// - Returns: The selection, or diagnostics: a name or value that the plan does not have, or no job that fits.
  public func selection(_ conditions: [String]) -> (selection: JobSelection?, diagnostics: [Diagnostic]) {
    var reader = SelectionReader(plan: self)
    for condition in conditions { reader.read(condition) }
    guard reader.diagnostics.isEmpty else { return (nil, reader.diagnostics) }
    let wanted = reader.values.mapValues { Set($0.map(\.scalarIdentity)) }
    let fits = trials.map { trial in
      wanted.allSatisfy { name, values in trial[name].map { values.contains($0.scalarIdentity) } ?? false }
    }
    let chosen = jobs.map { job in
      (reader.stages.isEmpty || reader.stages.contains(job.stage)) && job.trials.contains { fits[$0] }
    }
    guard chosen.contains(true) else {
      let text = conditions.joined(separator: " ")
      let place = SourceExcerpt(
        file: "--only", location: SourceLocation(line: 1, column: 1), length: text.count, lineText: text)
      return (nil, [Diagnostic(.noJobFits, at: place)])
    }
    return (JobSelection(chosen: chosen, in: self), [])
  }
}

/// Understands the arguments of one selection.
private struct SelectionReader {
  let plan: Plan
  var stages: Set<String> = []
  var values: [String: [JSONValue]] = [:]
  var diagnostics: [Diagnostic] = []
  /// The values of those variables that were asked for.
  private var known: [String: Set<JSONValue>] = [:]

  init(plan: Plan) {
    self.plan = plan
  }

  mutating func read(_ condition: String) {
    let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      report(.incompleteSelection, at: condition, in: condition)
      return
    }
    if parts[0] == "stage" {
      readStage(parts[1], condition)
    } else if let variable = plan.trials.first?.assignment.first(where: { $0.name == parts[0] })?.name {
      readValues(parts[1], of: variable, condition)
    } else {
      let known = ["stage"] + (plan.trials.first?.assignment.map(\.name) ?? [])
      reportUnknown("name", parts[0], known, condition)
    }
  }

  private mutating func readStage(_ name: String, _ condition: String) {
    var known: [String] = []
    for job in plan.jobs where known.last != job.stage { known.append(job.stage) }
    guard known.contains(name) else {
      reportUnknown("stage", name, known, condition)
      return
    }
    stages.insert(name)
  }

  private mutating func readValues(_ text: String, of variable: String, _ condition: String) {
    let parsed = (try? JSONValue(parsing: text, dialect: .relaxed)) ?? .string(text)
    let known = known[variable] ?? Set(plan.trials.compactMap { $0[variable]?.scalarIdentity })
    self.known[variable] = known
    for value in parsed.arrayValue ?? [parsed] {
      // A text such as 1.0 may be meant as the string of an axis of strings.
      let match = [value.scalarIdentity, .string(value.interpolatedText)].first(where: known.contains)
      guard let match else {
        guard diagnostics.count < SpecLimit.shownMistakes else { return }
        reportUnknown(
          "value", value.interpolatedText, known.map(\.interpolatedText).sorted(), condition,
          of: " of axis '\(variable)'")
        continue
      }
      values[variable, default: []].append(match)
    }
  }

  private mutating func reportUnknown(
    _ kind: String, _ name: String, _ known: [String], _ condition: String, of whole: String = ""
  ) {
    report(.unknownInSelection(kind: kind, name, known: known, whole: whole), at: name, in: condition)
  }

  private mutating func report(_ mistake: PlanMistake, at piece: String, in condition: String) {
    let start = condition.firstRange(of: piece)?.lowerBound ?? condition.startIndex
    let location = SourceLocation(line: 1, column: condition.distance(from: condition.startIndex, to: start) + 1)
    let place = SourceExcerpt(file: "--only", location: location, length: max(1, piece.count), lineText: condition)
    diagnostics.append(Diagnostic(mistake, at: place))
  }
}
