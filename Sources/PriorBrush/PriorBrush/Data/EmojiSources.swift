/// The files of three Debian packages that the emoji set is made from.
public struct EmojiSources: Sendable {
  /// The colour font (package `fonts-noto-color-emoji`).
  public var font = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
  /// English names and keywords (package `unicode-cldr-core`); later files add what earlier ones lack.
  public var annotations = [
    "/usr/share/unicode/cldr/common/annotations/en.xml", "/usr/share/unicode/cldr/common/annotationsDerived/en.xml",
  ]
  /// The list of emoji with groups and subgroups (package `unicode-data`).
  public var list = "/usr/share/unicode/emoji/emoji-test.txt"
  /// Where versions of installed packages are looked up; the set is built without versions if it is missing.
  public var packageStatus = "/var/lib/dpkg/status"

  /// Creates the places where Debian installs the files.
  public init() {}

  /// Checks that every file is there.
  ///
  /// - Throws: `DatasetError` with code `.missingSource`, which names the missing file and the packages.
  public func check() throws(DatasetError) {
    for path in [font] + annotations + [list] where !DatasetFiles.exists(path) {
      throw DatasetError(
        .missingSource, path: path,
        message: "there is no \(path), which the emoji set is made from; "
          + "run apt-get install fonts-noto-color-emoji unicode-cldr-core unicode-data")
    }
  }

  /// Returns the installed version of a package, or nil.
  func version(of package: String) -> String? {
    guard let bytes = try? DatasetFiles.read(packageStatus) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "Package: \(package)") else { return nil }
    let line = lines[start...].prefix { !$0.isEmpty }.first { $0.hasPrefix("Version: ") }
    return line.map { String($0.dropFirst("Version: ".count)) }
  }
}

/// Names and keywords of emoji, from CLDR annotation files.
struct EmojiAnnotations {
  private(set) var names: [[Int]: String] = [:]
  private(set) var keywords: [[Int]: [String]] = [:]

  /// Reads the `<annotation>` elements of one file; sequences that are known already keep their words.
  mutating func add(_ text: String) {
    let known = Set(names.keys)
    for line in text.split(separator: "\n") {
      guard let element = line.firstRange(of: "<annotation cp=\"") else { continue }
      let rest = line[element.upperBound...]
      guard let quote = rest.firstIndex(of: "\""), let close = rest[quote...].firstIndex(of: ">"),
        let end = rest[close...].firstRange(of: "</annotation>")
      else { continue }
      let sequence = EmojiAnnotations.plain(String(rest[..<quote])).unicodeScalars.map { Int($0.value) }.filter {
        $0 != 0xFE0F
      }
      guard !sequence.isEmpty, !known.contains(sequence) else { continue }
      let content = EmojiAnnotations.plain(String(rest[rest.index(after: close)..<end.lowerBound]))
      if rest[quote..<close].contains("type=\"tts\"") {
        names[sequence] = EmojiAnnotations.caption(content)
      } else {
        keywords[sequence] = content.split(separator: "|").map { EmojiAnnotations.caption(String($0)) }
      }
    }
  }

  /// Returns a name in lower case, without quotation marks and outer spaces.
  static func caption(_ text: String) -> String {
    let marks: Set<Character> = ["\"", "“", "”", "‘"]
    let words = text.lowercased().filter { !marks.contains($0) }.split { $0 == " " || $0 == "\t" }
    return words.joined(separator: " ")
  }

  private static func plain(_ text: String) -> String {
    guard text.contains("&") else { return text }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
    return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}

/// A line of the list of emoji.
struct EmojiEntry {
  var sequence: [Int]
  var name: String
  var group: String
  var subgroup: String

  /// Returns the fully qualified emoji of `emoji-test.txt`, in its order, without U+FE0F.
  static func entries(in text: String) -> [EmojiEntry] {
    var group = ""
    var subgroup = ""
    var entries: [EmojiEntry] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# group: ") {
        group = String(line.dropFirst("# group: ".count))
      } else if line.hasPrefix("# subgroup: ") {
        subgroup = String(line.dropFirst("# subgroup: ".count))
      } else if let semicolon = line.firstIndex(of: ";"), !line.hasPrefix("#"),
        line[semicolon...].contains("fully-qualified"), !line[semicolon...].contains("unqualified")
      {
        let sequence = line[..<semicolon].split(separator: " ").compactMap { Int($0, radix: 16) }
        let comment = line[semicolon...].split(separator: "#", maxSplits: 1).last ?? ""
        let name = comment.split(separator: " ").dropFirst(2).joined(separator: " ")
        entries.append(
          EmojiEntry(
            sequence: sequence.filter { $0 != 0xFE0F }, name: EmojiAnnotations.caption(name), group: group,
            subgroup: subgroup))
      }
    }
    return entries
  }
}
