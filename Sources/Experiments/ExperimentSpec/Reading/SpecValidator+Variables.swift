import JSON

extension SpecValidator {
  // MARK: Parameters

  /// Checks the variables of parameters, that no parameter is made of itself, and that none becomes too large.
  func checkParameters() {
    let scope = Scope(self)
    for (parameter, member) in zip(graph.parameters, parameterMembers) {
      check(parameter.value, member.value, scope, "")
    }
    for circle in graph.circles {
      guard let first = circle.first.map({ graph.parameters[$0] }) else { continue }
      let names = circle.map { graph.parameters[$0].name } + [first.name]
      reader.report(.circleOfParameters(names), at: first.place)
    }
    // What is made of one that is too large need not be reported as well.
    if let large = graph.order.first(where: { sizes[graph.parameters[$0].name].map(Self.isTooLarge) ?? false }) {
      let parameter = graph.parameters[large]
      checkSize(sizes[parameter.name] ?? ValueSize(), at: parameter.place, "parameter '\(parameter.name)'")
    }
  }

  /// The greatest size of the value of each variable: of an axis over its values, of a parameter by what it is made of.
  static func sizes(_ groups: [AxisGroup], _ graph: ParameterGraph) -> [String: ValueSize] {
    // The paths of the project and of what is in it are no longer than the system allows.
    var sizes = ["projectRoot": ValueSize(bytes: 4096), "experiment": ValueSize(bytes: SpecLimit.nameBytes)]
    for axis in groups.flatMap(\.members) {
      sizes[axis.name] = axis.values.reduce(ValueSize()) { $0.union(ValueSize($1)) }
    }
    for position in graph.order {
      let parameter = graph.parameters[position]
      sizes[parameter.name] = ValueSize(parameter.value) { sizes[$0] ?? ValueSize() }
    }
    return sizes
  }

  private static func isTooLarge(_ size: ValueSize) -> Bool {
    size.bytes > SpecLimit.valueBytes || size.depth > SpecLimit.valueDepth
  }

  private func checkSize(_ size: ValueSize, at place: Range<Int>, _ what: String) {
    if size.bytes > SpecLimit.valueBytes {
      reader.report(.largeValue(what, bytes: size.bytes), at: place)
    } else if size.depth > SpecLimit.valueDepth {
      reader.report(.deepValue(what, depth: size.depth), at: place)
    }
  }

  /// Checks what is handed to one process or job; silent if a parameter has been found too large by itself.
  private func checkSize(of templates: [ValueTemplate], at place: Range<Int>, _ what: String) {
    var sum = ValueSize()
    for template in templates {
      let size = ValueSize(template) { sizes[$0] ?? ValueSize() }
      let isReported = template.variables.contains { sizes[$0].map(Self.isTooLarge) ?? false }
      if !isReported { sum.add(size) }
    }
    checkSize(sum, at: place, what)
  }

  // MARK: Workers and stages

  func check(worker: Worker, _ node: LocatedJSON) {
    let templates = worker.command + worker.environment.map(\.value)
    var scope = Scope(self)
    scope.isSameInAllTrials = true
    for template in templates { check(template, node, scope, " in worker '\(worker.name)'") }
    checkSize(of: templates, at: worker.place, "what worker '\(worker.name)' is started with")
  }

  func check(stage: Stage, _ node: LocatedJSON) {
    let what = " in stage '\(stage.name)'"
    var scope = Scope(self)
    var templates = [stage.parameters]
    check(stage.parameters, node["with"] ?? node, scope, what)
    let environment = node["environment"]?.memberValues ?? [:]
    for (name, value) in stage.environment {
      check(value, environment[name] ?? node, scope, what)
      templates.append(value)
    }
    let inputNodes = node["inputs"]?.memberValues ?? [:]
    for input in stage.inputs {
      guard case .file(let path) = input.source else { continue }
      check(path, inputNodes[input.name] ?? node, scope, what, isText: true)
      templates.append(path)
    }
    if case .command(let arguments) = stage.action {
      // An input that could not be read is reported where it stands, not wherever it is used.
      let inputs = node["inputs"]?.members?.map(\.key) ?? stage.inputs.map(\.name)
      scope.late = ["outputDirectory"] + inputs.map { "inputs.\($0)" }
      let place = node["command"] ?? node["compare"] ?? node
      for argument in arguments { check(argument, place, scope, what, isText: true) }
      templates += arguments
    }
    checkSize(of: templates, at: stage.place, "what stage '\(stage.name)' hands to a job")
    checkCollected(stage, templates, node)
  }

  private func checkCollected(_ stage: Stage, _ templates: [ValueTemplate], _ node: LocatedJSON) {
    guard !stage.collect.isEmpty else { return }
    let collected = Set(stage.collect)
    let dependents = graph.dependents(on: collected)
    /// The collected axis that a variable is, or is made of.
    func axis(of name: String) -> String {
      guard !collected.contains(name), let position = graph.position(of: name) else { return name }
      return stage.collect.first { graph.dependents(on: [$0])[position] } ?? name
    }
    var reported: Set<String> = []
    for name in templates.flatMap(\.variables) where reported.insert(name).inserted {
      guard collected.contains(name) || graph.position(of: name).map({ dependents[$0] }) ?? false else { continue }
      reader.report(
        .collectedVariable(name, stage: stage.name, axis: axis(of: name)),
        at: reader.place(ofVariable: name, in: node))
    }
  }

  // MARK: Single values

  /// The variables that a value may use.
  private struct Scope {
    let validator: SpecValidator
    /// Whether only what does not differ from trial to trial may be used.
    var isSameInAllTrials = false
    var late: [String] = [] {
      didSet { lateNames = Set(late) }
    }
    private var lateNames: Set<String> = []

    init(_ validator: SpecValidator) { self.validator = validator }

    func has(_ name: String) -> Bool {
      if let position = validator.graph.position(of: name) {
        return !isSameInAllTrials || !validator.isVarying[position]
      }
      if validator.axisNames.contains(name) { return !isSameInAllTrials }
      return SpecVariable.planned.contains(name) || lateNames.contains(name)
    }

    /// All of them, parameters first.
    var names: [String] {
      let parameters = validator.graph.parameters.map(\.name).filter(has)
      let axes = validator.groups.flatMap { $0.members.map(\.name) }.filter(has)
      return parameters + axes + SpecVariable.planned + late
    }
  }

  private func check(
    _ template: ValueTemplate, _ node: LocatedJSON, _ scope: Scope, _ whole: String, isText: Bool = false
  ) {
    for name in template.variables where !scope.has(name) {
      if graph.position(of: name) != nil || axisNames.contains(name) {
        reader.report(.varyingVariable(name, whole: whole), at: reader.place(ofVariable: name, in: node))
      } else {
        reader.reportUnknown(
          .unknownVariable, "variable", name, at: reader.place(ofVariable: name, in: node), known: scope.names,
          of: whole)
      }
    }
    func checkScalar(_ name: String) {
      guard isComposite(name) else { return }
      reader.report(.compositeInText(name), at: reader.place(ofVariable: name, in: node))
    }
    if isText { template.variables.forEach(checkScalar) } else { template.visitEmbeddedVariables(checkScalar) }
  }

  /// Whether a variable's value is a list or an object: something that has parts is deeper than a scalar.
  private func isComposite(_ name: String) -> Bool { graph.position(of: name) != nil && sizes[name]?.depth ?? 0 > 0 }
}
