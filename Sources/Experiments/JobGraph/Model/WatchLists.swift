public import InputTracing

/// What the jobs of a plan were known to depend on besides their fingerprints when it was made, each list once.
public struct WatchLists: Sendable, Hashable {
  /// The lists, to which jobs refer by position; the first one is empty.
  public private(set) var lists: [[WatchedInput]] = [[]]
  private var positions: [[WatchedInput]: Int32] = [[]: 0]

  /// Makes a collection with the empty list only.
  public init() {}

  /// Takes over stored lists.
  ///
  /// - Parameter lists: The lists; the first one is empty.
  init(stored lists: [[WatchedInput]]) {
    self.lists = lists
    positions = Dictionary(lists.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns the position of a list, adding it if it is new.
  ///
  /// - Parameter inputs: In any order; of two with the same kind and name the first one counts.
  /// - Returns: The position.
  mutating func position(of inputs: [WatchedInput]) -> Int32 {
    let list = InputTrace(inputs: inputs).inputs
    if let known = positions[list] { return known }
    let position = Int32(lists.count)
    positions[list] = position
    lists.append(list)
    return position
  }

  /// The list at a position; empty if there is none.
  ///
  /// - Parameter position: See ``Job/watched``.
  public subscript(position: Int32) -> [WatchedInput] {
    lists.indices.contains(Int(position)) ? lists[Int(position)] : []
  }
}
