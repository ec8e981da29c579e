import JSON

/// Checks what no single member shows: names, variables, and the order of stages.
struct SpecValidator {
  let reader: SpecReader
  let groups: [AxisGroup]
  let parameters: [Experiment.Parameter]
  /// The parameters as they stand in the spec.
  let parameterMembers: [LocatedJSON.Member]

  private var axisNames: [String] { groups.flatMap { $0.members.map(\.name) } }

  // MARK: Names

  func checkNames() {
    var places: [String: (kind: String, range: Range<Int>)] = [:]
    func claim(_ name: String, _ kind: String, _ range: Range<Int>) {
      if SpecVariable.planned.contains(name) || SpecVariable.isLate(name) {
        reader.report(
          .duplicateName, at: range, "'\(name)' is a variable that every experiment has", hint: "expected another name")
      } else if let first = places[name] {
        reader.report(
          .duplicateName, at: range, "'\(name)' is \(kind) and also \(first.kind)", hint: "expected another name",
          notes: [("\(first.kind) is here", first.range)])
      } else {
        places[name] = (kind, range)
      }
    }
    for member in parameterMembers {
      reader.checkName(member.key, at: member.keyRange, "a parameter")
      claim(member.key, "a parameter", member.keyRange)
    }
    for group in groups { for axis in group.members { claim(axis.name, "an axis", axis.place) } }
  }

  // MARK: Variables

  /// Checks the variables of parameters, and that no parameter is made of itself.
  func checkParameters() {
    let known = parameters.map(\.name) + axisNames + SpecVariable.planned
    for (parameter, member) in zip(parameters, parameterMembers) {
      check(parameter.value, member.value, known: known, "")
    }
    var finished: Set<String> = []
    for parameter in parameters {
      var path: [String] = []
      visit(parameter.name, &path, &finished)
    }
  }

  private func visit(_ name: String, _ path: inout [String], _ finished: inout Set<String>) {
    guard !finished.contains(name), let parameter = parameters.first(where: { $0.name == name }) else { return }
    if let start = path.firstIndex(of: name) {
      let members = path[start...] + [name]
      reader.report(
        .cycle, at: parameter.place, "parameters are made of each other: \(members.joined(separator: " → "))",
        hint: "one of them must have a value of its own")
      finished.formUnion(members)
      return
    }
    path.append(name)
    for variable in parameter.value.variables { visit(variable, &path, &finished) }
    path.removeLast()
    finished.insert(name)
  }

  func check(worker: Worker, _ node: LocatedJSON) {
    let constants = parameters.map(\.name).filter { dependencies(of: $0).isDisjoint(with: axisNames) }
    for template in worker.command + worker.environment.map(\.value) {
      check(template, node, known: constants + SpecVariable.planned, " in worker '\(worker.name)'")
    }
  }

  func check(stage: Stage, _ node: LocatedJSON) {
    let what = " in stage '\(stage.name)'"
    let known = parameters.map(\.name) + axisNames + SpecVariable.planned
    var templates = [stage.parameters]
    check(stage.parameters, node["with"] ?? node, known: known, what)
    for (name, value) in stage.environment {
      check(value, node["environment"]?[name] ?? node, known: known, what)
      templates.append(value)
    }
    for input in stage.inputs {
      guard case .file(let path) = input.source else { continue }
      check(path, node["inputs"]?[input.name] ?? node, known: known, what, isText: true)
      templates.append(path)
    }
    if case .command(let arguments) = stage.action {
      // An input that could not be read is reported where it stands, not wherever it is used.
      let inputs = node["inputs"]?.members?.map(\.key) ?? stage.inputs.map(\.name)
      let late = ["outputDirectory"] + inputs.map { "inputs.\($0)" }
      let place = node["command"] ?? node["compare"] ?? node
      for argument in arguments { check(argument, place, known: known + late, what, isText: true) }
      templates += arguments
    }
    checkCollected(stage, templates, node)
  }

  private func checkCollected(_ stage: Stage, _ templates: [ValueTemplate], _ node: LocatedJSON) {
    guard !stage.collect.isEmpty else { return }
    var reported: Set<String> = []
    for name in templates.flatMap(\.variables) where reported.insert(name).inserted {
      let collected = stage.collect.filter { dependencies(of: name).contains($0) }
      guard let axis = collected.first else { continue }
      let reason = axis == name ? "" : ", which depends on '\(axis)'"
      reader.report(
        .collectedVariable, at: reader.place(ofVariable: name, in: node),
        "stage '\(stage.name)' collects '\(axis)' and so has no single value of '\(name)'\(reason)",
        hint: "remove the variable, or '\(axis)' from 'collect'")
    }
  }

  private func check(
    _ template: ValueTemplate, _ node: LocatedJSON, known: [String], _ whole: String, isText: Bool = false
  ) {
    for name in template.variables where !known.contains(name) {
      let place = reader.place(ofVariable: name, in: node)
      let isHidden = parameters.contains { $0.name == name } || axisNames.contains(name)
      if isHidden {
        reader.report(
          .unknownVariable, at: place, "the variable '\(name)' differs from trial to trial and cannot be used\(whole)",
          hint: "expected a parameter that does not depend on an axis")
      } else {
        reader.reportUnknown(.unknownVariable, "variable", name, at: place, known: known, of: whole)
      }
    }
    func checkScalar(_ name: String) {
      guard isComposite(name) else { return }
      reader.report(
        .notText, at: reader.place(ofVariable: name, in: node),
        "'\(name)' is a list or an object and cannot be a part of a text",
        hint: "write \"${\(name)}\" alone, as the value of a member")
    }
    if isText { template.variables.forEach(checkScalar) } else { template.visitEmbeddedVariables(checkScalar) }
  }

  private func isComposite(_ name: String, depth: Int = 0) -> Bool {
    guard depth < parameters.count, let value = parameters.first(where: { $0.name == name })?.value else {
      return false
    }
    switch value {
    case .constant(let value): return !value.isScalar
    case .variable(let other): return isComposite(other, depth: depth + 1)
    case .text: return false
    case .array, .object: return true
    }
  }

  /// The variables a variable is made of, itself included.
  private func dependencies(of name: String) -> Set<String> {
    var found: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open += parameters.first { $0.name == next }?.value.variables ?? []
    }
    return found
  }

  // MARK: Stages

  /// Checks that commands declare the artifacts that others take, and that the names of a worker's artifacts look right.
  func checkArtifacts(_ stages: [Stage]) {
    var uses: [String: [String: Int]] = [:]
    for case .artifact(let name, let artifact) in stages.flatMap({ $0.inputs.map(\.source) }) {
      uses[name, default: [:]][artifact, default: 0] += 1
    }
    for input in stages.flatMap(\.inputs) {
      guard case .artifact(let name, let artifact) = input.source, let stage = stages.first(where: { $0.name == name })
      else { continue }
      reader.checkArtifact(artifact, of: stage, at: input.artifactPlace)
      if case .task = stage.action {
        checkSpelling(of: artifact, of: stage, uses[name] ?? [:], at: input.artifactPlace)
      }
    }
  }

  /// Warns of a name that occurs once and is nearly one that occurs more often: workers announce their artifacts only when they have run.
  private func checkSpelling(of artifact: String, of stage: Stage, _ uses: [String: Int], at place: Range<Int>) {
    let frequent = uses.filter { $0.value > 1 && $0.key.count > 3 }.map(\.key).sorted()
    guard uses[artifact] == 1, let nearest = SpellingSuggestion.nearest(to: artifact, in: frequent),
      artifact.filter({ !$0.isNumber }) != nearest.filter({ !$0.isNumber })
    else { return }
    reader.report(
      .unusualArtifact, at: place, "only this input takes an artifact '\(artifact)' of stage '\(stage.name)'",
      suggestion: nearest, severity: .warning)
  }

  /// Returns positions with needed stages first, otherwise in document order; reports cycles.
  func order(_ stages: [Stage]) -> [Int] {
    let positions = Dictionary(stages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let needs = stages.map { $0.predecessors.compactMap { positions[$0] } }
    var order: [Int] = []
    var isPlaced = [Bool](repeating: false, count: stages.count)
    while let next = stages.indices.first(where: { index in !isPlaced[index] && needs[index].allSatisfy { isPlaced[$0] }
    }) {
      isPlaced[next] = true
      order.append(next)
    }
    var isReported = isPlaced
    for start in stages.indices where !isReported[start] {
      // Every stage that is left has a needed one that is left, so that following them must close a circle.
      var path = [start]
      while let next = needs[path[path.count - 1]].first(where: { !isPlaced[$0] }) {
        if let first = path.firstIndex(of: next) {
          let members = Array(path[first...])
          if !members.contains(where: { isReported[$0] }) { reportCycle(members.map { stages[$0] }) }
          for member in path { isReported[member] = true }
          break
        }
        path.append(next)
      }
    }
    return order
  }

  private func reportCycle(_ members: [Stage]) {
    let names = members.map(\.name)
    let last = members[members.count - 1]
    reader.report(
      .cycle, at: place(last, needing: names[0]),
      names.count == 1
        ? "stage '\(names[0])' needs itself"
        : "stages need each other: \((names + [names[0]]).joined(separator: " → "))",
      hint: "remove one of these needs",
      notes: zip(members, names.dropFirst()).map { ("'\($0.name)' needs '\($1)' here", place($0, needing: $1)) })
  }

  private func place(_ stage: Stage, needing name: String) -> Range<Int> {
    if let index = stage.needs.firstIndex(of: name) { return stage.needsPlaces[index] }
    for input in stage.inputs {
      if case .artifact(name, _) = input.source { return input.place }
    }
    return stage.place
  }
}
