extension Job {
  /// The texts of the job that end at a zero byte where the system takes them, so that none may hold one.
  ///
  /// Parameters are not among them: they travel as JSON, which writes the byte as an escape.
  var hasZeroByte: Bool {
    var texts = Array(environment.values)
    if case .command(let arguments, let outputs) = action { texts += arguments + outputs.values }
    for case .file(let path) in inputs.values { texts.append(path) }
    return texts.contains { $0.utf8.contains(0) }
  }
}
