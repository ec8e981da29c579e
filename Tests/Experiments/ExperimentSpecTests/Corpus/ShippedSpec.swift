import ExperimentSpec
import Foundation
import JSON
import TestSupport

/// One of the specs in `experiments`, with all its places.
struct ShippedSpec {
  /// A member of an object somewhere in a spec.
  struct Site {
    /// The keys from the top to the object; `#` for an element of a list.
    var path: [String]
    var key: String
    var keyRange: Range<Int>
    var value: LocatedJSON
    /// What the reader takes the object for; `nil` for objects whose keys are free.
    var object: SpecObject?

    var fullPath: [String] { path + [key] }
    var text: String? { value.stringValue }
  }

  static let folder = "\(packageFolder)/experiments"

  static let names = ["exp1", "exp2", "exp3", "metrics", "micro", "train"]

  let name: String
  let source: SourceText
  let tree: LocatedJSON
  let sites: [Site]

  /// All keys anywhere in it.
  var keys: Set<String> { Set(sites.map(\.key)) }

  init(_ name: String) throws {
    self.name = name
    let path = "\(Self.folder)/\(name).json"
    source = SourceText(name: path, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    tree = try LocatedJSON(parsing: source, dialect: .relaxed)
    var sites: [Site] = []
    Self.walk(tree, [], &sites)
    self.sites = sites
  }

  private static func walk(_ node: LocatedJSON, _ path: [String], _ sites: inout [Site]) {
    for member in node.members ?? [] {
      sites.append(
        Site(
          path: path, key: member.key, keyRange: member.keyRange, value: member.value, object: object(at: path)))
      walk(member.value, path + [member.key], &sites)
    }
    for element in node.elements ?? [] { walk(element, path + ["#"], &sites) }
  }

  /// What the reader takes the object at a path for.
  private static func object(at path: [String]) -> SpecObject? {
    let patterns: [(String, SpecObject)] = [
      ("", .experiment), ("axes/*", .range), ("zip/*/*", .range), ("resources/*", .pool), ("workers/*", .worker),
      ("stages/*", .stage), ("stages/*/retries", .retries), ("stages/*/inputs/*", .artifactInput),
      ("measurement", .measurement), ("stages/*/measurement", .measurement),
      ("report", .report), ("report/tables/#", .table), ("report/tables/#/columns/#", .column),
      ("report/tables/#/columns/#/paperSummary", .paperSummary), ("report/charts/#", .chart),
      ("report/charts/#/x", .chartAxis), ("report/charts/#/y", .valueAxis), ("report/charts/#/panels/#", .chartPanel),
      ("report/charts/#/panels/#/series/#", .series), ("report/charts/#/panels/#/series/#/paper/#", .paperPoint),
      ("report/figures/#", .figure), ("report/figures/#/panels/#", .figurePanel),
      ("report/figures/#/metrics/#", .figureMetric), ("report/claims/#", .claim),
      ("report/claims/#/tests/#", .claimTest), ("report/claims/#/tests/#/quantity", .quantity),
      ("report/claims/#/tests/#/against", .quantity), ("report/claims/#/tests/#/rule", .rule),
      ("report/audit/#", .finding),
    ]
    return patterns.first { pattern, _ in
      let parts = pattern.split(separator: "/")
      return parts.count == path.count && zip(parts, path).allSatisfy { $0 == "*" || $0 == $1 }
    }?.1
  }

  /// The text with one piece replaced.
  func replacing(_ range: Range<Int>, by text: String) -> SourceText {
    SourceText(
      name: source.name,
      bytes: Array(source.bytes[..<range.lowerBound]) + Array(text.utf8) + Array(source.bytes[range.upperBound...]))
  }

  /// Offsets of some bytes outside of strings.
  func offsets(of wanted: String) -> [Int] {
    var offsets: [Int] = []
    var isInString = false
    var position = 0
    while position < source.bytes.count {
      let byte = source.bytes[position]
      if isInString, byte == UInt8(ascii: "\\") {
        position += 1
      } else if byte == UInt8(ascii: "\"") {
        isInString.toggle()
      } else if !isInString, wanted.utf8.contains(byte) {
        offsets.append(position)
      }
      position += 1
    }
    return offsets
  }

  /// The last of equal closing brackets that stand side by side: without one of them it is the outermost that seems open.
  func outermost(_ closing: Int) -> Int {
    var last = closing
    for position in closing..<source.bytes.count {
      if source.bytes[position] == source.bytes[closing] {
        last = position
      } else if source.bytes[position] != UInt8(ascii: " ") {
        break
      }
    }
    return last
  }

  /// The offset of the bracket that one closes.
  func opening(of closing: Int) -> Int? {
    var open: [Int] = []
    for offset in offsets(of: "{}[]") {
      if "{[".utf8.contains(source.bytes[offset]) {
        open.append(offset)
      } else {
        let last = open.popLast()
        if offset == closing { return last }
      }
    }
    return nil
  }
}
