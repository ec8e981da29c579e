/// A result that was reused before another job of the run changed what it had been made of.
package struct OvertakenResult: Sendable {
  /// The job whose earlier result was reused, as people call it.
  package var job: String
  /// The attempt that made the result.
  package var attempt: Int64
  /// What the attempt had read.
  package var input: String
  /// The stage that has written it since; `nil` if that was not seen.
  package var writer: String?
}
