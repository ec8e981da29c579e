extension GenerationSystem {
  /// Reads a system's name: a kind, and behind a colon the steps, as in `teacher:20` or `priorbrush:3`.
  ///
  /// - Parameter name: `student`, or a kind with steps.
  /// - Throws: `PriorBrushError` with code `.invalidParameter` that lists the kinds.
  public init(named name: String) throws {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let kind = Kind(rawValue: parts[0]), parts.count <= 2 else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw PriorBrushError(
        .invalidParameter, "'\(name)' is no system; write one of \(kinds), with steps as in 'teacher:20'")
    }
    guard kind.hasSteps else {
      guard parts.count == 1 else {
        throw PriorBrushError(
          .invalidParameter, "system '\(name)' has steps; write '\(kind.rawValue)', which takes one step")
      }
      self.init(kind)
      return
    }
    guard parts.count == 2 else {
      throw PriorBrushError(.invalidParameter, "system '\(name)' needs steps, as in '\(name):3'")
    }
    let range = (kind == .teacher ? 1 : 0)...1000
    guard let steps = Int(parts[1]), range.contains(steps) else {
      throw PriorBrushError(
        .invalidParameter,
        "system '\(name)' has '\(parts[1])' steps; give a number in \(range.lowerBound)...\(range.upperBound)")
    }
    self.init(kind, steps: steps)
  }
}
