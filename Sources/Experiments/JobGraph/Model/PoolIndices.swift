/// The tokens of a pool that have names, such as the graphics cards of a machine.
public struct PoolIndices: Sendable, Hashable {
  /// The names, in the order in which they are given out; none twice.
  public var names: [String]
  /// The environment variable that names a job's tokens, separated by commas.
  public var variable: String?

  /// Makes a list of tokens.
  ///
  /// - Parameters:
  ///   - names: The names of the tokens.
  ///   - variable: The environment variable that names a job's tokens.
  public init(_ names: [String], variable: String? = nil) {
    self.names = names
    self.variable = variable
  }
}
