import AttemptModel
import JSON

extension SpecReader {
  /// Reads a measurement block; what it leaves out comes from `base`.
  func measurement(_ node: LocatedJSON?, _ what: String, base: Measurement) -> Measurement? {
    guard let object = object(node, as: .measurement, what) else { return nil }
    let read = Measurement(
      warmup: object.integer("warmup") ?? base.warmup,
      repetitions: object.integer("repetitions") ?? base.repetitions,
      order: object.word("order", as: Measurement.Order.self) ?? base.order,
      innerLoop: innerLoop(object["innerLoop"], object.phrase("innerLoop")) ?? base.innerLoop,
      precision: object.number("precision") ?? base.precision,
      maximumRepetitions: object.integer("maximumRepetitions") ?? base.maximumRepetitions,
      timeBudgetSeconds: object.duration("timeBudget") ?? base.timeBudgetSeconds,
      control: control(object["control"], object.phrase("control")) ?? base.control,
      quiet: quiet(object["quiet"], object.phrase("quiet")) ?? base.quiet)
    if let place = object.keyRange("maximumRepetitions"), read.precision == nil, object["precision"] == nil {
      report(.limitWithoutPrecision(measurement: what), at: place)
    }
    if let maximum = read.maximumRepetitions, maximum < read.repetitions,
      let place = object["maximumRepetitions"]?.range ?? object["repetitions"]?.range
    {
      report(
        .limitBelowRepetitions(measurement: what, limit: maximum, repetitions: read.repetitions), at: place)
    }
    return read
  }

  private func innerLoop(_ node: LocatedJSON?, _ what: String) -> Measurement.InnerLoop? {
    switch node?.content {
    case nil: return nil
    case .scalar(.string): return word(node, what, of: ["auto"]).map { _ in .automatic }
    case .scalar(.integer): return integer(node, what, in: Measurement.InnerLoop.range).map { .calls($0) }
    default:
      if let node { reportWrongType(node, what, "an integer or 'auto'") }
      return nil
    }
  }

  private func control(_ node: LocatedJSON?, _ what: String) -> Measurement.Control? {
    if case .scalar(.string) = node?.content { return word(node, what, of: ["identity"]).map { _ in .identity } }
    return number(node, what, .positive, "a number or 'identity'").map { .slowdown($0) }
  }

  private func quiet(_ node: LocatedJSON?, _ what: String) -> QuietRule? {
    guard let object = object(node, as: .quiet, what) else { return nil }
    let (load, wait) = (object.number("load"), object.duration("wait"))
    let standard = QuietRule.standard
    return QuietRule(load: load ?? standard.load, waitSeconds: wait ?? standard.waitSeconds)
  }
}
