import ExperimentSpec
import JSON

/// The values of variables in one trial after another.
///
/// What parameters are made of is filled in once: of those that are the same in all trials for the whole plan, of the others for as long as
/// one trial is asked for. Used on one thread.
final class VariableScope {
  /// Whether `${projectRoot}` is filled in, or left as it is so that fingerprints do not depend on where the project lies.
  enum Root {
    case filledIn, symbolic
  }

  let projectRoot: String
  let experimentName: String
  private let table: TrialTable
  private let columns: [String: Int]
  private let graph: ParameterGraph
  private let isVarying: [Bool]
  private var constants: [Root: [Int: JSONValue]] = [:]
  private var varying: [Root: [Int: JSONValue]] = [:]
  /// The trial that the varying values are of.
  private var trial = -1

  init(experiment: Experiment, table: TrialTable, projectRoot: String) {
    self.projectRoot = projectRoot
    self.table = table
    experimentName = experiment.name
    columns = Dictionary(table.variables.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    graph = ParameterGraph(experiment.parameters)
    isVarying = graph.dependents(on: Set(table.variables))
  }

  /// Returns the value of a variable.
  ///
  /// Names that are none of a trial's variables (the late ones of commands) keep their notation.
  func value(of name: String, trial: Int, root: Root) -> JSONValue {
    if let column = columns[name] { return table.value(trial, column) }
    if let position = graph.position(of: name) { return parameter(position, trial: trial, root: root) }
    switch name {
    case "experiment": return .string(experimentName)
    case "projectRoot" where root == .filledIn: return .string(projectRoot)
    default: return .string("${\(name)}")
    }
  }

  /// Fills in a parameter after those it is made of, without recursion: chains may be long.
  private func parameter(_ position: Int, trial: Int, root: Root) -> JSONValue {
    if let known = known(position, trial: trial, root: root) { return known }
    var open = [(position: position, next: 0)]
    while let (position, next) = open.last {
      let needed = graph.variables[position]
      guard next < needed.count else {
        open.removeLast()
        let value = resolved(graph.parameters[position].value, trial: trial, root: root)
        if isVarying[position] {
          varying[root, default: [:]][position] = value
        } else {
          constants[root, default: [:]][position] = value
        }
        continue
      }
      open[open.count - 1].next += 1
      if columns[needed[next]] == nil, let below = graph.position(of: needed[next]),
        known(below, trial: trial, root: root) == nil
      {
        open.append((below, 0))
      }
    }
    return known(position, trial: trial, root: root) ?? .null
  }

  private func known(_ position: Int, trial: Int, root: Root) -> JSONValue? {
    guard isVarying[position] else { return constants[root]?[position] }
    if trial != self.trial {
      varying = [:]
      self.trial = trial
    }
    return varying[root]?[position]
  }

  func resolved(_ template: ValueTemplate, trial: Int, root: Root = .filledIn) -> JSONValue {
    if case .constant(let value) = template { return value }
    return template.resolved { value(of: $0, trial: trial, root: root) }
  }

  func text(_ template: ValueTemplate, trial: Int, root: Root = .filledIn) -> String {
    resolved(template, trial: trial, root: root).interpolatedText
  }

  /// Returns a command argument with late placeholders intact and every other `${` protected as `$${`.
  func argument(_ template: ValueTemplate, trial: Int) -> String {
    let pieces: [ValueTemplate.TextPiece]
    switch template {
    case .text(let list): pieces = list
    case .variable(let name): pieces = [.variable(name)]
    default: return Self.protected(template.sourceText)
    }
    return pieces.reduce(into: "") { text, piece in
      switch piece {
      case .literal(let literal): text += Self.protected(literal)
      case .variable(let name):
        if SpecVariable.isLate(name) {
          text += "${\(name)}"
        } else {
          text += Self.protected(value(of: name, trial: trial, root: .filledIn).interpolatedText)
        }
      }
    }
  }

  private static func protected(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "$")), text.contains("${") else { return text }
    return text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
  }

  /// The columns that some variables depend on, ascending, and whether one of them depends on the project's place.
  func dependencies(of names: [String]) -> (columns: [Int], usesRoot: Bool) {
    var found: Set<String> = []
    var open = names
    while let name = open.popLast() {
      guard found.insert(name).inserted, columns[name] == nil else { continue }
      if let position = graph.position(of: name) { open += graph.variables[position] }
    }
    return (found.compactMap { columns[$0] }.sorted(), found.contains("projectRoot"))
  }
}

extension ValueTemplate {
  /// A constant text, or the notation of a text with variables.
  var sourceText: String {
    switch self {
    case .constant(let value): value.interpolatedText
    case .variable(let name): "${\(name)}"
    case .text(let pieces):
      pieces.reduce(into: "") { text, piece in
        switch piece {
        case .literal(let literal): text += literal
        case .variable(let name): text += "${\(name)}"
        }
      }
    case .array, .object: ""
    }
  }
}
