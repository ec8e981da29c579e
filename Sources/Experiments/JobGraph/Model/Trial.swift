public import JSON
import Printing

/// One assignment of all axes.
public struct Trial: Sendable, Hashable {
  /// Position in `Plan.trials`.
  public var index: Int
  /// A value for each axis and zip member, in axis order.
  public var assignment: [(name: String, value: JSONValue)]

  /// Makes a trial.
  ///
  /// - Parameters:
  ///   - index: Position in the plan.
  ///   - assignment: A value for each axis and zip member, in axis order.
  public init(index: Int, assignment: [(name: String, value: JSONValue)]) {
    self.index = index
    self.assignment = assignment
  }

  /// The value of an axis or zip member; `nil` if there is none of that name.
  ///
  /// - Parameter name: The name.
  public subscript(name: String) -> JSONValue? {
    assignment.first { $0.name == name }?.value
  }

  /// Characters of a value, and of all of them, that a label shows.
  private static let (valueLimit, labelLimit) = (80, 240)

  /// The assignment for people: `seed=43 steps=2`, on one line, long values cut; empty if there are no axes.
  public var label: String {
    assignment.map { name, value in
      let text = value.stringValue ?? CanonicalJSON.text(of: value)
      return "\(name)=\(text.abbreviated(to: Self.valueLimit).printableLine)"
    }.joined(separator: " ").abbreviated(to: Self.labelLimit)
  }

  /// The whole assignment as text, by which trials of two plans are matched.
  var identity: String {
    assignment.map { "\($0.name)=\(CanonicalJSON.text(of: $0.value))" }.joined(separator: "\n")
  }

  /// Compares two trials.
  ///
  /// - Parameters:
  ///   - left: A trial.
  ///   - right: Another trial.
  /// - Returns: Whether index and assignment are the same.
  public static func == (left: Trial, right: Trial) -> Bool {
    left.index == right.index
      && left.assignment.elementsEqual(right.assignment) { $0.name == $1.name && $0.value == $1.value }
  }

  /// Feeds index and assignment to a hasher.
  ///
  /// - Parameter hasher: The hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(index)
    for (name, value) in assignment {
      hasher.combine(name)
      hasher.combine(value)
    }
  }
}
