import AttemptModel

extension JobState: StoredValue {
  static let noun = "the state of a job"

  static func decoded(from column: StoredColumn) -> JobState? {
    column.text.flatMap(JobState.init(rawValue:))
  }
}

extension ExitKind: StoredValue {
  static let noun = "the end of an attempt"

  static func decoded(from column: StoredColumn) -> ExitKind? {
    column.text.flatMap(ExitKind.init(rawValue:))
  }
}

extension AttemptState: StoredValue {
  static let noun = "the state of an attempt"

  static func decoded(from column: StoredColumn) -> AttemptState? {
    column.text.flatMap(AttemptState.init(name:))
  }
}

extension RunState: StoredValue {
  static let noun = "the state of a run"

  static func decoded(from column: StoredColumn) -> RunState? {
    column.text.flatMap(RunState.init(name:))
  }
}
