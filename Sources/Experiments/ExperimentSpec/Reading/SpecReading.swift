import Files
public import JSON

/// What came of reading a spec: the experiment if there is no error, and every mistake and remark.
///
///     let reading = SpecReading(file: "experiments/exp3.json", overrides: ["steps=[2,3]"])
///     guard let experiment = reading.experiment else {
///       print(DiagnosticRenderer().text(of: reading.diagnostics))   // exit 2
///     }
public struct SpecReading: Sendable {
  /// The experiment; `nil` if any diagnostic is an error.
  public var experiment: Experiment?
  /// All mistakes and remarks, in the order of their places.
  public var diagnostics: [Diagnostic]

  /// Reads a file and the ones it extends.
  ///
  /// - Parameters:
  ///   - path: The file; messages show it as given here.
  ///   - overrides: Arguments of `--set`: `path=value`, the value as JSON or as bare text.
  public init(file path: String, overrides: [String] = []) {
    switch SpecFile.bytes(of: path) {
    case _ where path.isEmpty:
      let place = SourceExcerpt(file: "''", location: SourceLocation(line: 1, column: 1), length: 1, lineText: "")
      let diagnostic = Diagnostic(
        code: .unreadableFile, message: "the path of the spec is empty", place: place,
        hint: "expected the name of a file, such as 'experiment.json'")
      self.init(experiment: nil, diagnostics: [diagnostic])
    case .success(let bytes): self.init(SourceText(name: path, bytes: bytes), overrides: overrides)
    case .failure(let error):
      let place = SourceExcerpt(file: path, location: SourceLocation(line: 1, column: 1), length: 1, lineText: "")
      let mistake = SpecMistake.unreadableSpec(reason: error.reason, SpecFile.advice(on: error, path: path))
      self.init(experiment: nil, diagnostics: [Diagnostic(mistake, at: place)])
    }
  }

  private init(experiment: Experiment?, diagnostics: [Diagnostic]) {
    self.experiment = experiment
    self.diagnostics = diagnostics
  }

  /// Reads a text and the files it extends, which are looked for beside the file that the text is named for.
  ///
  /// - Parameters:
  ///   - source: The spec.
  ///   - overrides: Arguments of `--set`.
  public init(_ source: SourceText, overrides: [String] = []) {
    let reader = SpecReader()
    let experiment = reader.experiment(source, overrides: overrides)
    diagnostics = reader.diagnostics
    self.experiment = diagnostics.contains { $0.severity == .error } ? nil : experiment
  }
}

extension SpecReader {
  /// Reads everything; the result is only of use if no error was reported.
  func experiment(_ source: SourceText, overrides: [String]) -> Experiment? {
    guard var tree = SpecLoader(reader: self).tree(source) else { return nil }
    for override in overrides { SpecOverride(override, reader: self).apply(to: &tree) }
    checkTexts(tree)
    guard var spec = object(tree, as: .experiment, "the experiment") else { return nil }
    spec.whole = nil
    return experiment(spec)
  }

  private func checkExperimentName(_ name: String, at place: Range<Int>) {
    guard checkFileName(name, at: place, "an experiment"), Self.reportPages.contains(name.lowercased()) else { return }
    report(.nameOfReportPage(name), at: place)
  }

  private static let reportPages: Set = ["audit", "claims", "index"]

  private func experiment(_ spec: SpecMembers) -> Experiment {
    let name = spec.text("name") ?? ""
    if let place = spec["name"]?.range, !name.isEmpty { checkExperimentName(name, at: place) }
    _ = spec.text("$schema")
    let parameterMembers = limitedMembers(spec["parameters"], "'parameters'", to: SpecLimit.parameters) ?? []
    let parameters = parameterMembers.map {
      Experiment.Parameter(name: $0.key, value: template($0.value), place: $0.value.range)
    }
    let groups = axisGroups(spec)
    let axes = Dictionary(
      groups.flatMap(\.members).map { ($0.name, KnownAxis($0)) }, uniquingKeysWith: { first, _ in first })
    let exclude = patterns(spec["exclude"], "'exclude'", axes)
    let include = included(spec["include"], axes, groups)
    for condition in include.flatMap(\.conditions) {
      for value in condition.values { axes[condition.name]?.include(value) }
    }
    let pools = pools(spec["resources"])
    let workers = workers(spec["workers"])
    let measurement = measurement(spec["measurement"], "'measurement'", base: .standard) ?? .standard
    let context = StageContext(
      groups: groups, axes: axes, workerNames: (spec["workers"]?.members ?? []).map(\.key), pools: pools.sizes,
      measurement: measurement)
    let stages = stages(spec["stages"], context: context)

    let validator = SpecValidator(
      reader: self, groups: groups, parameters: parameters, parameterMembers: parameterMembers)
    validator.checkNames()
    validator.checkParameters()
    let workerNodes = spec["workers"]?.memberValues ?? [:]
    for worker in workers {
      if let node = workerNodes[worker.name] { validator.check(worker: worker, node) }
    }
    let stageNodes = spec["stages"]?.memberValues ?? [:]
    for stage in stages {
      if let node = stageNodes[stage.name] { validator.check(stage: stage, node) }
    }
    validator.checkArtifacts(stages)
    let order = validator.order(stages)
    let pooling = PooledAxes(
      groups: groups, exclude: exclude, include: include, replicates: replicates(spec["replicates"], axes: axes),
      stages: stages,
      dependence: StageDependence(order.map { stages[$0] }, parameters: validator.graph, variables: Set(axes.keys)))
    var reportReader = ReportReader(
      reader: self, context: ReportContext(axes: axes, stages: stages, pooling: pooling),
      metrics: metricDescriptions(spec["metrics"]))
    _ = reportReader.section(spec["report"])

    return Experiment(
      name: name, title: spec.text("title"),
      description: spec.text("description"), parameters: parameters,
      axes: groups,
      exclude: exclude, include: include,
      maxJobs: spec.integer("maxJobs") ?? 100_000,
      resources: pools.sizes, indexedPools: pools.indexed,
      inheritedEnvironment: spec.texts("inheritEnvironment").map(\.text),
      observes: spec.boolean("observe") ?? true, workers: workers, stages: stages, stageOrder: order,
      measurement: measurement, resolved: resolved(spec, groups), sources: sources,
      axesPlace: spec.keyRange("axes") ?? spec.keyRange("zip") ?? spec.node.range)
  }

  private func patterns(_ node: LocatedJSON?, _ what: String, _ axes: [String: KnownAxis]) -> [AssignmentPattern] {
    patternElements(node, what).compactMap { element in
      guard let pattern = pattern(element, what, axes: axes) else { return nil }
      if element.members?.isEmpty == true {
        report(.matchesEverything(what), at: element.range)
      }
      return pattern
    }
  }

  private func patternElements(_ node: LocatedJSON?, _ what: String) -> [LocatedJSON] {
    guard let node, let elements = elements(node, what) else { return [] }
    return limited(elements, node, what, to: SpecLimit.patterns)
  }

  private func included(_ node: LocatedJSON?, _ axes: [String: KnownAxis], _ groups: [AxisGroup]) -> [AssignmentPattern]
  {
    patternElements(node, "'include'").compactMap { element in
      guard let pattern = pattern(element, "'include'", axes: axes, listsAllowed: false) else { return nil }
      let given = Set(element.members?.map(\.key) ?? [])
      let missing = groups.flatMap(\.members).map(\.name).filter { !given.contains($0) }
      if !missing.isEmpty {
        report(
          .incompleteTrial(missing: missing), at: element.range.lowerBound..<element.range.lowerBound + 1)
      }
      return pattern
    }
  }

  /// The spec as JSON with ranges written out.
  private func resolved(_ spec: SpecMembers, _ groups: [AxisGroup]) -> JSONValue {
    let lists = Dictionary(
      groups.flatMap(\.members).map { ($0.name, JSONValue.array($0.values)) }, uniquingKeysWith: { first, _ in first })
    func listed(_ axes: JSONValue) -> JSONValue {
      .object((axes.objectValue ?? []).map { ($0.key, lists[$0.key] ?? $0.value) })
    }
    var value = spec.node.value
    if let axes = value["axes"] { value["axes"] = listed(axes) }
    if let zip = value["zip"]?.objectValue { value["zip"] = .object(zip.map { ($0.key, listed($0.value)) }) }
    return value
  }
}
