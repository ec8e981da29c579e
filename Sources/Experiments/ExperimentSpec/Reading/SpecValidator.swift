import JSON

/// Checks what no single member shows: names, variables, and the order of stages.
struct SpecValidator {
  let reader: SpecReader
  let groups: [AxisGroup]
  /// The parameters as they stand in the spec.
  let parameterMembers: [LocatedJSON.Member]
  let graph: ParameterGraph
  let axisNames: Set<String>
  /// For each parameter, whether it differs from trial to trial.
  let isVarying: [Bool]
  /// The greatest size of each variable's value.
  private(set) var sizes: [String: ValueSize] = [:]

  init(
    reader: SpecReader, groups: [AxisGroup], parameters: [Experiment.Parameter],
    parameterMembers: [LocatedJSON.Member]
  ) {
    self.reader = reader
    self.groups = groups
    self.parameterMembers = parameterMembers
    graph = ParameterGraph(parameters)
    axisNames = Set(groups.flatMap { $0.members.map(\.name) })
    isVarying = graph.dependents(on: axisNames)
    sizes = Self.sizes(groups, graph)
  }

  // MARK: Names

  func checkNames() {
    var places: [String: (kind: String, range: Range<Int>)] = [:]
    func claim(_ name: String, _ kind: String, _ range: Range<Int>) {
      if SpecVariable.planned.contains(name) || SpecVariable.isLate(name) {
        reader.report(.nameOfBuiltInVariable(name), at: range)
      } else if let first = places[name] {
        reader.report(
          .nameOfTwoThings(name, kinds: kind, first.kind), at: range, notes: [(.kind(first.kind), first.range)])
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

  // MARK: Stages

  /// Checks that commands declare the artifacts that others take, and that the names of a worker's artifacts look right.
  func checkArtifacts(_ stages: [Stage]) {
    let byName = Dictionary(stages.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var uses: [String: [String: Int]] = [:]
    for case .artifact(let name, let artifact) in stages.flatMap({ $0.inputs.map(\.source) }) {
      uses[name, default: [:]][artifact, default: 0] += 1
    }
    for input in stages.flatMap(\.inputs) {
      guard case .artifact(let name, let artifact) = input.source, let stage = byName[name] else { continue }
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
    reader.report(.rareArtifact(artifact, stage: stage.name, nearest: nearest), at: place, severity: .warning)
  }

  /// Returns positions with needed stages first, otherwise in document order; reports cycles.
  func order(_ stages: [Stage]) -> [Int] {
    let positions = Dictionary(stages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let needs = stages.map { $0.predecessors.compactMap { positions[$0] } }
    var users = [[Int]](repeating: [], count: stages.count)
    for (index, needed) in needs.enumerated() { for need in needed { users[need].append(index) } }
    var openNeeds = needs.map(\.count)
    var order: [Int] = []
    var isPlaced = [Bool](repeating: false, count: stages.count)
    while let next = stages.indices.first(where: { !isPlaced[$0] && openNeeds[$0] == 0 }) {
      isPlaced[next] = true
      order.append(next)
      for user in users[next] { openNeeds[user] -= 1 }
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
      .circleOfStages(names), at: place(last, needing: names[0]),
      notes: zip(members, names.dropFirst()).map { (.need(of: $0.name, $1), place($0, needing: $1)) })
  }

  private func place(_ stage: Stage, needing name: String) -> Range<Int> {
    if let index = stage.needs.firstIndex(of: name) { return stage.needsPlaces[index] }
    for input in stage.inputs {
      if case .artifact(name, _) = input.source { return input.place }
    }
    return stage.place
  }
}
