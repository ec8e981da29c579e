import AttemptModel
import JSON

/// What a stage may refer to.
struct StageContext {
  var groups: [AxisGroup]
  var axes: [String: KnownAxis]
  var workerNames: [String]
  var pools: [String: Int]
  var measurement: Measurement
  var stageNames: [String] = []
}

extension SpecReader {
  func workers(_ node: LocatedJSON?) -> [Worker] {
    (limitedMembers(node, "'workers'", to: SpecLimit.parts) ?? []).compactMap { member in
      let what = "worker '\(member.key)'"
      checkName(member.key, at: member.keyRange, "a worker")
      guard let object = object(member.value, as: .worker, what) else { return nil }
      return Worker(
        name: member.key, command: command(object["command"], "'command' of \(what)"),
        count: object.integer("count") ?? 1,
        environment: environment(object["environment"], what),
        maximumRequests: object.integer("maxRequests"), sources: sourcePatterns(object),
        observes: object.boolean("observe"), place: member.keyRange)
    }
  }

  func stages(_ node: LocatedJSON?, context: StageContext) -> [Stage] {
    let members = limitedMembers(node, "'stages'", to: SpecLimit.parts) ?? []
    var context = context
    context.stageNames = members.map(\.key)
    if let node, members.isEmpty, node.members != nil {
      report(.empty("'stages'", expected: "at least one stage"), at: node.range)
    }
    return members.compactMap { stage($0, context: context) }
  }

  private func stage(_ member: LocatedJSON.Member, context: StageContext) -> Stage? {
    let what = "stage '\(member.key)'"
    checkName(member.key, at: member.keyRange, "a stage")
    guard let object = object(member.value, as: .stage, what) else { return nil }
    let action = action(object, what, key: member, workers: context.workerNames)
    let needs = needs(object["needs"], what, name: member.key, stages: context.stageNames)
    let rules = attemptRules(object["retries"], what)
    let usualLane = action.variants.isEmpty ? Lane.throughput : .timed
    return Stage(
      name: member.key, action: action.value, variants: action.variants, parameters: parameters(object["with"], what),
      inputs: inputs(object, what, stages: context.stageNames), needs: needs.map(\.text),
      collect: collect(object["collect"], what, groups: context.groups),
      when: pattern(object["when"], "'when' of \(what)", axes: context.axes), outputs: outputs(object["outputs"], what),
      environment: environment(object["environment"], what),
      lane: object.word("lane", as: Lane.self) ?? usualLane,
      resources: resources(object["resources"], "'resources' of \(what)", pools: context.pools),
      timeLimitSeconds: object.duration("timeLimit"), graceSeconds: object.duration("grace"),
      memoryLimitBytes: object.byteCount("memoryLimit"),
      retries: rules.retries, backoff: rules.backoff,
      priority: object.integer("priority") ?? 0,
      measurement: measurement(object["measurement"], "'measurement' of \(what)", base: context.measurement),
      workingDirectory: object.word("workingDirectory", as: Stage.WorkingDirectory.self) ?? .project,
      sources: sourcePatterns(object), observes: object.boolean("observe"), place: member.keyRange,
      actionPlace: action.place,
      needsPlaces: needs.map(\.range))
  }

  /// Reads patterns of files of the project.
  private func sourcePatterns(_ object: SpecMembers) -> [SourcePattern] {
    object.texts("sources").compactMap { text, range in
      let path = text.hasPrefix("!") ? text.dropFirst() : text[...]
      guard !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
        report(.outsideProject(text, in: object.phrase("sources")), at: range)
        return nil
      }
      return SourcePattern(text: text, place: range)
    }
  }

  private func needs(
    _ node: LocatedJSON?, _ what: String, name: String, stages: [String]
  ) -> [(text: String, range: Range<Int>)] {
    strings(node, "'needs' of \(what)").filter { need in
      if stages.contains(need.text) { return true }
      reportUnknown(
        .unknownStage, "stage", need.text, at: need.range, known: stages.filter { $0 != name },
        of: " in 'needs' of \(what)")
      return false
    }
  }

  /// Reads names of axes and zip groups; a group, or one of its members, stands for all its members.
  private func collect(_ node: LocatedJSON?, _ what: String, groups: [AxisGroup]) -> [String] {
    var names: [String] = []
    for (name, range) in strings(node, "'collect' of \(what)") {
      guard let group = groups.first(where: { $0.name == name || $0.members.contains { $0.name == name } }) else {
        let known = groups.flatMap { [$0.name] + $0.members.map(\.name) }
        reportUnknown(
          .unknownAxis, "axis", name, at: range,
          known: known.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
          of: " in 'collect' of \(what)")
        continue
      }
      for member in group.members where !names.contains(member.name) { names.append(member.name) }
    }
    return names
  }

  private func resources(_ node: LocatedJSON?, _ what: String, pools: [String: Int]) -> [String: Int] {
    let amounts = amounts(node, what)
    for member in node?.members ?? [] {
      guard let amount = amounts[member.key] else { continue }
      if let pool = pools[member.key] {
        guard amount > pool else { continue }
        report(.beyondPool(what, amount: amount, pool: member.key, size: pool), at: member.value.range)
      } else if member.key != "cpu" {
        reportUnknown(
          .unknownResource, "resource", member.key, at: member.keyRange,
          known: ["cpu"] + pools.keys.filter { $0 != "cpu" }.sorted(),
          of: " in \(what); declare it in 'resources' of the experiment")
      }
    }
    return amounts
  }

  private func action(
    _ object: SpecMembers, _ what: String, key: LocatedJSON.Member, workers: [String]
  ) -> (value: Stage.Action, variants: [Stage.Variant], place: Range<Int>) {
    let forbidden: [(String, SpecMistake.Misplacement)]
    let result: (value: Stage.Action, place: Range<Int>)
    var variants: [Stage.Variant] = []
    if let task = object["task"] {
      forbidden = [
        ("command", .taskAndCommand), ("compare", .taskAndComparison), ("outputs", .outputsOfTask),
        ("workingDirectory", .folderOfTask),
      ]
      let text = object.text("task") ?? ""
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let isComplete = parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
      if isComplete { checkFreeName(String(parts[1]), at: task.range, "the task of \(what)") }
      if !text.isEmpty, !isComplete {
        report(.incompleteTask(text, stage: what), at: task.range)
      } else if isComplete, !workers.contains(String(parts[0])) {
        let place = sources.range(of: String(parts[0]), in: task.range)
        reportUnknown(
          .unknownWorker, "worker", String(parts[0]), at: place, known: workers, of: " in 'task' of \(what)")
      }
      result = (
        isComplete ? .task(worker: String(parts[0]), name: String(parts[1])) : .task(worker: "", name: ""), task.range
      )
    } else if let node = object["command"] {
      forbidden = [("compare", .commandAndComparison), ("with", .parametersOfCommand)]
      result = (.command(command(node, "'command' of \(what)")), node.range)
    } else if let node = object["compare"] {
      forbidden = [("with", .parametersOfCommand), ("workingDirectory", .folderOfComparison)]
      variants = comparison(node, what)
      result = (.command(Stage.Variant.timer(variants)), node.range)
    } else {
      report(.noAction(stage: what), at: key.keyRange)
      return (.command([]), [], key.keyRange)
    }
    for (name, reason) in forbidden {
      guard let place = object.keyRange(name) else { continue }
      report(.misplaced(name, of: what, reason), at: place)
    }
    return (result.value, variants, result.place)
  }

  /// Reads program and arguments; `what` names the member.
  func command(_ node: LocatedJSON?, _ what: String) -> [ValueTemplate] {
    guard let node, let elements = elements(node, what, allowsEmpty: false) else { return [] }
    return elements.compactMap { element in
      guard element.stringValue != nil else {
        reportWrongType(element, "an argument in \(what)", "a string")
        return nil
      }
      return template(element)
    }
  }

  private func parameters(_ node: LocatedJSON?, _ what: String) -> ValueTemplate {
    guard let node else { return .constant(.object([])) }
    guard node.members != nil else {
      reportWrongType(node, "'with' of \(what)", "an object")
      return .constant(.object([]))
    }
    return template(node)
  }

  private func inputs(_ stage: SpecMembers, _ what: String, stages: [String]) -> [Stage.Input] {
    let members = namedMembers(stage["inputs"], "'inputs' of \(what)") ?? []
    if stage["task"] == nil {
      checkVariables(members.map { ($0.key, $0.keyRange) }, "inputs") {
        [VariableName.input($0), VariableName.inputList($0)]
      }
    }
    return members.compactMap { member in
      let inputName = "input '\(member.key)' of \(what)"
      checkName(member.key, at: member.keyRange, "an input")
      switch member.value.content {
      case .scalar(.string):
        guard let path = string(member.value, inputName) else { return nil }
        checkPath(path, at: member.value.range, inputName)
        return Stage.Input(
          name: member.key, source: .file(template(member.value)), place: member.value.range,
          artifactPlace: member.value.range)
      case .object:
        guard let object = object(member.value, as: .artifactInput, inputName),
          let stage = object.text("stage"), let artifact = object.text("artifact")
        else { return nil }
        checkFreeName(artifact, at: object["artifact"]?.range ?? member.value.range, "the artifact of \(inputName)")
        guard stages.contains(stage) else {
          let place = object["stage"]?.range ?? member.value.range
          reportUnknown(.unknownStage, "stage", stage, at: place, known: stages, of: " in \(inputName)")
          return nil
        }
        return Stage.Input(
          name: member.key, source: .artifact(stage: stage, name: artifact),
          place: object["stage"]?.range ?? member.value.range,
          artifactPlace: object["artifact"]?.range ?? member.value.range)
      default:
        reportWrongType(member.value, inputName, "a path or {\"stage\", \"artifact\"}")
        return nil
      }
    }
  }
}
