public import JSON

/// A complete, checked experiment: what a spec file says after overrides.
public struct Experiment: Sendable {
  /// A named constant.
  public struct Parameter: Sendable {
    /// The name, as used in `${name}`.
    public var name: String
    /// The value; it may use other parameters and the axes.
    public var value: ValueTemplate
    /// Where the value stands.
    package var place: Range<Int>
  }

  /// The name; letters, digits, `_` and `-`.
  public var name: String
  /// A title for reports.
  public var title: String?
  /// What the experiment is about.
  public var description: String?
  /// The constants, in document order.
  public var parameters: [Parameter]
  /// What is multiplied, in document order; the last one advances fastest.
  public var axes: [AxisGroup]
  /// Trials that match one of these are left out.
  public var exclude: [AssignmentPattern]
  /// Trials that are added last, each with a value for every variable of the axes.
  public var include: [AssignmentPattern]
  /// The greatest number of jobs (and of trials) that a plan may have.
  public var maxJobs: Int
  /// The pools that jobs take from, by name, as far as declared.
  public var resources: [String: Int]
  /// The names of the tokens of those pools that have any.
  public var indexedPools: [String: IndexedPool]
  /// Environment variables that commands and workers take over besides the documented ones; a `*` at the end stands for anything.
  public var inheritedEnvironment: [String]
  /// Whether what jobs read is observed, unless a stage or worker says otherwise.
  public var observes: Bool
  /// The worker programs, in document order.
  public var workers: [Worker]
  /// The steps of a trial, in document order.
  public var stages: [Stage]
  /// Positions in `stages`, needed stages first, otherwise in document order.
  public var stageOrder: [Int]
  /// How timed stages repeat, unless they say otherwise.
  public var measurement: Measurement
  /// The whole spec as JSON: overrides applied, ranges written out as lists, report section included.
  public var resolved: JSONValue
  /// The spec and its overrides, for messages about places in it.
  public var sources: SourceMap
  /// Where the axes stand, for messages about the number of trials.
  package var axesPlace: Range<Int>

  /// The names of all axes and zip members, in the order of `axes`.
  public var variables: [String] { axes.flatMap { $0.members.map(\.name) } }
}

/// A named list of values.
public struct Axis: Sendable, Hashable {
  /// The name, as used in `${name}`.
  public var name: String
  /// Strings, numbers and booleans; none twice.
  public var values: [JSONValue]
  /// Where the values stand.
  package var place: Range<Int>
}

/// Axes that advance together; an ordinary axis is a group of one.
public struct AxisGroup: Sendable, Hashable {
  /// The group's name; that of the axis for an ordinary one.
  public var name: String
  /// The axes, all equally long.
  public var members: [Axis]
  /// Number of steps.
  public var count: Int { members.first?.values.count ?? 0 }
}

/// A condition on some axes: `{"steps": [2, 3], "seed": 43}`.
public struct AssignmentPattern: Sendable, Hashable {
  /// The allowed values by axis or zip member; all must match.
  public var conditions: [(name: String, values: [JSONValue])]
  /// Where the pattern stands.
  package var place: Range<Int>

  /// The pattern without conditions.
  package static let everything = AssignmentPattern(conditions: [], place: 0..<0)

  /// Returns whether an assignment fits; axes that are not mentioned do not matter.
  ///
  /// - Parameter lookup: Returns the value of an axis or zip member.
  /// - Returns: Whether each mentioned axis has one of the allowed values; `1` and `1.0` are the same here.
  public func matches(_ lookup: (String) -> JSONValue?) -> Bool {
    conditions.allSatisfy { condition in
      guard let value = lookup(condition.name) else { return false }
      return condition.values.contains { $0.isSameScalar(as: value) }
    }
  }

  /// Compares two patterns; the order of conditions counts.
  ///
  /// - Parameters:
  ///   - left: A pattern.
  ///   - right: Another pattern.
  /// - Returns: Whether both have the same conditions.
  public static func == (left: AssignmentPattern, right: AssignmentPattern) -> Bool {
    left.conditions.elementsEqual(right.conditions) { $0.name == $1.name && $0.values == $1.values }
  }

  /// Feeds the conditions to a hasher.
  ///
  /// - Parameter hasher: The hasher.
  public func hash(into hasher: inout Hasher) {
    for condition in conditions {
      hasher.combine(condition.name)
      hasher.combine(condition.values)
    }
  }
}
