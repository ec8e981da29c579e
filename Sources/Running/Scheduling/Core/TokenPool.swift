/// What jobs share while they run: a number of tokens under a name.
enum TokenPool: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// A pool of the experiment's resources.
  case resource(String)
  /// The processes of a worker: a token for each, so that no job ever waits inside the worker pool.
  case worker(String)

  var description: String {
    switch self {
    case .resource(let name): name
    case .worker(let name): "worker \(name)"
    }
  }

  /// Orders pools by what they are called.
  static func < (left: TokenPool, right: TokenPool) -> Bool { left.description < right.description }
}
