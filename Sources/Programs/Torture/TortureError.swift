/// Why a torture could not be carried out.
public struct TortureError: Error, Sendable, CustomStringConvertible {
  /// What went wrong and how it can be cured.
  public var description: String
}
