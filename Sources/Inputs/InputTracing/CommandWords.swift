/// The words of a command that may name files, whatever program they are for.
///
///     CommandWords(["env", "A=1", "sh", "-c", "python3 -m pkg --config=conf.yaml < in.txt"]).paths
///     // env, A=1, 1, sh, -c, python3, -m, pkg, --config=conf.yaml, conf.yaml, in.txt, ...
public struct CommandWords: Sendable, Hashable {
  /// Words that may be paths, each once, in order of appearance.
  public private(set) var paths: [String] = []
  /// Names of modules that Python is told to run.
  public private(set) var modules: [String] = []

  /// Takes a command apart.
  ///
  /// - Parameter words: Program and arguments.
  public init(_ words: [String]) {
    var seen: Set<String> = []
    func add(_ word: some StringProtocol) {
      if !word.isEmpty, word.utf8.count < 4096, seen.insert(String(word)).inserted { paths.append(String(word)) }
    }
    func addWithValue(_ word: some StringProtocol) {
      add(word)
      if let sign = word.firstIndex(of: "=") { add(word[word.index(after: sign)...]) }
    }
    for (position, word) in words.enumerated() {
      addWithValue(word)
      guard position > 0, Self.isScript(words, at: position) else { continue }
      let inner = word.split { Self.separators.contains($0) }.map(String.init)
      for part in inner { addWithValue(part) }
      modules += Self.modules(in: inner)
    }
    modules += Self.modules(in: words)
    if let program = words.first { paths.removeAll { $0 == program && !program.contains("/") } }
  }

  /// Whether words are no more than paths, if that, so that they need not be taken apart.
  static func arePlain(_ words: [String]) -> Bool {
    words.dropFirst().allSatisfy { word in
      word.utf8.first != UInt8(ascii: "-") && !word.utf8.contains(UInt8(ascii: "="))
    } && words.first?.contains("/") == false
  }

  private static let separators: Set<Character> = [
    " ", "\t", "\n", "\r\n", ";", "&", "|", "<", ">", "(", ")", "{", "}", "`", "\"", "'", "$", ",", "[", "]",
  ]

  private static let shells: Set<String> = ["sh", "bash", "dash", "zsh", "ksh", "ash", "busybox"]

  /// Whether the word is the text of `sh -c TEXT`, also with other options and behind programs such as `env`.
  private static func isScript(_ words: [String], at position: Int) -> Bool {
    let option = words[position - 1]
    guard option.hasPrefix("-"), !option.hasPrefix("--"), option.hasSuffix("c") else { return false }
    return words[..<(position - 1)].contains { shells.contains(name(of: $0)) }
  }

  /// The modules behind `-m` of `python3 -u -m NAME`.
  private static func modules(in words: [String]) -> [String] {
    var found: [String] = []
    var isPython = false
    for (position, word) in words.enumerated() {
      if word == "-m", isPython, position + 1 < words.count {
        found.append(words[position + 1])
        isPython = false
      } else if isPythonName(name(of: word)) {
        isPython = true
      } else if !word.hasPrefix("-") {
        // A script: what follows are its own arguments.
        if isPython, words[position - 1].hasPrefix("-W") || words[position - 1].hasPrefix("-X") { continue }
        isPython = false
      }
    }
    return found
  }

  private static func isPythonName(_ name: String) -> Bool {
    for stem in ["python", "pypy"] where name.hasPrefix(stem) {
      return name.dropFirst(stem.count).allSatisfy { $0.isNumber || $0 == "." }
    }
    return false
  }

  private static func name(of path: String) -> String {
    String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
  }
}
