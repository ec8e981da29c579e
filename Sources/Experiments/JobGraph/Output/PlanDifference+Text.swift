import JSON
import Printing

extension PlanDifference {
  /// The difference for people: a line that counts, then a line for each job, `-` removed, `~` changed, `+` added.
  ///
  ///     1 changed, 2 added, 0 removed, 11 the same
  ///     ~ #0 coarse seed=43: parameters (prompt "a cat" → "a dog")
  ///     + #4 refine seed=46 steps=2
  ///
  /// - Parameters:
  ///   - earlier: The plan that was compared.
  ///   - later: The plan it was compared with.
  ///   - limit: Further jobs of each kind are only counted.
  /// - Returns: Lines with line ends; removed jobs have their numbers in the earlier plan, the others those in the later one.
  public func text(from earlier: Plan, to later: Plan, limit: Int = 200) -> String {
    var text =
      "\(changed.count) changed, \(added.count) added, \(removed.count) removed, \(unchanged) the same\n"
    func list<Item>(_ items: [Item], _ line: (Item) -> String) {
      for item in items.prefix(limit) { text += line(item) + "\n" }
      if items.count > limit { text += "  … and \(items.count - limit) more; --all lists them\n" }
    }
    list(removed) { "- \(earlier.label(ofJob: $0))" }
    list(changed) { change in
      let (old, new) = (earlier.jobs[change.earlier], later.jobs[change.later])
      let parts = change.parts.map { Self.text(ofPart: $0, old, new) }
      return "~ \(later.label(ofJob: change.later)): \(parts.joined(separator: "; "))"
    }
    list(added) { "+ \(later.label(ofJob: $0))" }
    if isEmpty, earlier.canonicalSpec != later.canonicalSpec {
      text += "the specs differ, but in nothing that a job depends on\n"
    }
    return text
  }

  /// A part, with what can be shown of how it moved.
  private static func text(ofPart part: String, _ old: Job, _ new: Job) -> String {
    var details: [String] = []
    switch part {
    case "parameters": details = changes(from: old.parameters, to: new.parameters)
    case "measurement": details = changes(from: old.measurement, to: new.measurement)
    case "environment":
      details = changes(from: json(of: old.environment), to: json(of: new.environment))
    default:
      if part.hasPrefix("input."), case .file(let path)? = new.inputs[String(part.dropFirst(6))] { details = [path] }
    }
    return details.isEmpty ? part : "\(part) (\(details.joined(separator: ", ")))"
  }

  private static func changes(from old: JSONValue, to new: JSONValue) -> [String] {
    let oldMembers = old.objectValue ?? []
    let newMembers = new.objectValue ?? []
    var names = oldMembers.map(\.key)
    let before = Dictionary(oldMembers.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(newMembers.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for member in newMembers where before[member.key] == nil { names.append(member.key) }
    return names.filter { before[$0] != after[$0] }.map { name in
      "\(name) \(before[name].map(shortened) ?? "none") → \(after[name].map(shortened) ?? "none")"
    }
  }

  private static func shortened(_ value: JSONValue) -> String {
    value.compactText.abbreviated(to: 40).printableLine
  }

  private static func json(of texts: [String: String]) -> JSONValue {
    .object(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
  }
}
