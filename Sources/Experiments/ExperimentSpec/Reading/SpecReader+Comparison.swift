import JSON

extension SpecReader {
  /// Reads the commands of a `compare` stage, two or more by name.
  func comparison(_ node: LocatedJSON, _ what: String) -> [Stage.Variant] {
    let members = namedMembers(node, "'compare' of \(what)") ?? []
    if node.members != nil, members.count < 2 {
      report(.tooFewCompared(stage: what), at: node.range)
    }
    return members.map { member in
      checkName(member.key, at: member.keyRange, "a compared command")
      return Stage.Variant(name: member.key, command: command(member.value, "'\(member.key)' in 'compare' of \(what)"))
    }
  }
}

extension Stage.Variant {
  /// The command line of the program that times all variants in turns.
  static func timer(_ variants: [Stage.Variant]) -> [ValueTemplate] {
    func word(_ text: String) -> ValueTemplate { .constant(.string(text)) }
    return [word("command-timer")]
      + variants.flatMap { [word($0.name), word(String($0.command.count))] + $0.command }
  }
}
