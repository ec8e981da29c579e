/// A pool whose tokens have names, such as the graphics cards of a machine: a job learns which ones it got.
public struct IndexedPool: Sendable, Hashable {
  /// The names of the tokens, in the order in which they are given out; none twice.
  public var indices: [String]
  /// The environment variable that names a job's tokens, separated by commas; `nil` if only the documented default one does.
  public var variable: String?

  package init(indices: [String], variable: String? = nil) {
    self.indices = indices
    self.variable = variable
  }
}
