/// The axes and zip members that the jobs of each stage depend on.
///
/// A stage has one job for all trials that do not differ in anything it mentions, itself or through the artifacts it takes.
struct StageDependence {
  private var axes: [String: Set<String>] = [:]

  /// Follows variables through parameters, and artifacts through stages.
  ///
  /// - Parameters:
  ///   - stages: Stages, needed ones first.
  ///   - parameters: The parameters of the experiment.
  ///   - variables: The names of all axes and zip members.
  init(_ stages: [Stage], parameters: ParameterGraph, variables: Set<String>) {
    for stage in stages {
      var found: Set<String> = []
      var seen: Set<String> = []
      var open = Self.templates(of: stage).flatMap(\.variables)
      while let name = open.popLast() {
        guard seen.insert(name).inserted else { continue }
        if variables.contains(name) {
          found.insert(name)
        } else if let position = parameters.position(of: name) {
          open += parameters.variables[position]
        }
      }
      for case .artifact(let producer, _) in stage.inputs.map(\.source) { found.formUnion(axes[producer] ?? []) }
      axes[stage.name] = found.subtracting(stage.collect)
    }
  }

  /// Returns the axes that a stage's jobs depend on; none for an unknown stage.
  func axes(of stage: String) -> Set<String> { axes[stage] ?? [] }

  private static func templates(of stage: Stage) -> [ValueTemplate] {
    var templates = [stage.parameters] + stage.environment.map(\.value) + stage.variants.flatMap(\.command)
    if case .command(let arguments) = stage.action { templates += arguments }
    for case .file(let path) in stage.inputs.map(\.source) { templates.append(path) }
    return templates
  }
}
