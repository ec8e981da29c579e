/// What the parameters of an experiment are made of: parameters as positions, each made after those in it.
package struct ParameterGraph: Sendable {
  /// The parameters in document order.
  package let parameters: [Experiment.Parameter]
  /// For each parameter the names of all variables in it, each once.
  package let variables: [[String]]
  /// All parameters but those in circles, each after those it is made of.
  package private(set) var order: [Int] = []
  /// Parameters that are made of each other, each circle from where it was entered.
  package private(set) var circles: [[Int]] = []
  private let positions: [String: Int]

  /// Orders parameters.
  ///
  /// - Parameter parameters: The parameters; of those with the same name the first one counts.
  /// - Complexity: O(parameters + their variables).
  package init(_ parameters: [Experiment.Parameter]) {
    self.parameters = parameters
    variables = parameters.map(\.value.variables)
    positions = Dictionary(
      parameters.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    sort()
  }

  /// Returns the position of a parameter; `nil` for any other variable.
  package func position(of name: String) -> Int? { positions[name] }

  /// Returns for each parameter whether it is made of one of some variables, directly or not.
  ///
  /// - Parameter names: Variables that are no parameters.
  /// - Returns: Whether it is, by position; `false` for those in circles.
  package func dependents(on names: Set<String>) -> [Bool] {
    var isDependent = [Bool](repeating: false, count: parameters.count)
    for position in order {
      isDependent[position] = variables[position].contains { name in
        positions[name].map { isDependent[$0] } ?? names.contains(name)
      }
    }
    return isDependent
  }

  private enum State {
    case new, open, done
  }

  /// Goes down every way from every parameter, without recursion: chains may be long.
  private mutating func sort() {
    var states = [State](repeating: .new, count: parameters.count)
    var isInCircle = [Bool](repeating: false, count: parameters.count)
    var path: [(position: Int, next: Int)] = []
    for start in parameters.indices where states[start] == .new {
      states[start] = .open
      path.append((start, 0))
      while let (position, next) = path.last {
        guard next < variables[position].count else {
          path.removeLast()
          states[position] = .done
          if !isInCircle[position] { order.append(position) }
          continue
        }
        path[path.count - 1].next += 1
        guard let needed = positions[variables[position][next]] else { continue }
        switch states[needed] {
        case .new:
          states[needed] = .open
          path.append((needed, 0))
        case .open where !isInCircle[needed]:
          let circle = path.map(\.position).drop { $0 != needed }
          circles.append(Array(circle))
          for member in circle { isInCircle[member] = true }
        case .open, .done: break
        }
      }
    }
  }
}
