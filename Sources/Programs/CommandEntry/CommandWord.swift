import ArgumentParser
import JSON

/// The names of subcommands among the words of a command line.
enum CommandWord {
  /// Returns what is wrong with the name of a subcommand, with the one that was probably meant; nil if nothing is.
  ///
  /// - Parameters:
  ///   - words: The words of the command line.
  ///   - command: The command to which the first word belongs.
  ///   - path: How that command is called.
  /// - Returns: One sentence.
  static func mistake(in words: [String], of command: any ParsableCommand.Type, path: [String] = []) -> String? {
    let subcommands = command.configuration.subcommands
    guard let word = words.first, !word.hasPrefix("-"), !subcommands.isEmpty else { return nil }
    let path = path + [command._commandName]
    if let next = subcommands.first(where: { $0._commandName == word }) {
      return mistake(in: Array(words.dropFirst()), of: next, path: path)
    }
    // Where a command is meant by default, the word is its first argument.
    guard command.configuration.defaultSubcommand == nil, word != "help" else { return nil }
    let names = subcommands.map { $0._commandName }
    if let near = SpellingSuggestion.nearest(to: word, in: names + ["help"]) {
      return "'\(path.joined(separator: " "))' has no command '\(word)'; did you mean '\(near)'?"
    }
    return "'\(path.joined(separator: " "))' has no command '\(word)'; it has \(names.joined(separator: ", "))"
  }
}
