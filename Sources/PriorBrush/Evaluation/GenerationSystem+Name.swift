extension GenerationSystem {
  /// Reads a system's name: a kind, and behind a colon the steps, as in `teacher:20` or `priorbrush:3`.
  ///
  /// - Parameter name: `student`, or a kind with steps.
  /// - Throws: `PriorBrushError` with code `.invalidParameter` that lists the kinds.
  public init(named name: String) throws {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let kind = Kind(rawValue: parts[0]), parts.count <= 2 else {
      throw PriorBrushError(
        .invalidParameter,
        "'\(name)' is no system; write one of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")), with steps as in 'teacher:20'")
    }
    guard parts.count == 2 else {
      guard kind == .student else {
        throw PriorBrushError(.invalidParameter, "system '\(name)' needs steps, as in '\(name):3'")
      }
      self.init(kind)
      return
    }
    guard let steps = Int(parts[1]), (0...1000).contains(steps) else {
      throw PriorBrushError(.invalidParameter, "system '\(name)' has '\(parts[1])' steps; give a number in 0...1000")
    }
    self.init(kind, steps: steps)
  }
}
