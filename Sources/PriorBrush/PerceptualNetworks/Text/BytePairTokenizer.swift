import CZlib
import Foundation

/// Splits texts into the numbers that CLIP was trained on.
///
/// - Source: Sennrich et al., "Neural machine translation of rare words with subword units", ACL 2016, over bytes;
///   agrees with the tokenizer of open_clip for texts that need no repair of wrongly decoded characters.
public struct BytePairTokenizer: Sendable {
  private struct Pair: Hashable {
    var first: Int32
    var second: Int32
  }

  /// The number of a text's beginning.
  public let start: Int32
  /// The number of a text's end.
  public let end: Int32
  private let byteNumbers: [Int32]
  private let merges: [Pair: (rank: Int32, result: Int32)]

  /// How many numbers there are.
  public var count: Int { Int(end) + 1 }

  /// How many merges of the published file count; it has more, which CLIP does not use.
  private static let usedMerges = 49_152 - 256 - 2

  /// Reads the published file of merges.
  ///
  /// - Parameter path: OpenAI's `bpe_simple_vocab_16e6.txt.gz`, the same unpacked, or `merges.txt`; nil if there is none.
  /// - Throws: `PerceptualNetworkError` with code `.notEvaluated` if no file is named, `.fileAccess` or `.malformed`.
  public init(contentsOf path: String?) throws(PerceptualNetworkError) {
    guard let path else {
      throw PerceptualNetworkError.notEvaluated("the CLIP score", supply: "OpenAI's bpe_simple_vocab_16e6.txt.gz")
    }
    let lines = String(decoding: try BytePairTokenizer.read(path), as: UTF8.self).split(separator: "\n")
    try self.init(merges: lines.dropFirst().prefix(BytePairTokenizer.usedMerges).map(String.init), label: path)
  }

  /// Takes merges from anywhere.
  ///
  /// - Parameters:
  ///   - merges: Two symbols with a space between them, the most frequent first.
  ///   - label: What error messages call the merges.
  /// - Throws: `PerceptualNetworkError` with code `.malformed` for a merge of anything but two known symbols.
  public init(merges: [String], label: String) throws(PerceptualNetworkError) {
    // Printable bytes stand for themselves and come first, as in the published vocabulary.
    let printable = Array(33...126) + Array(161...172) + Array(174...255)
    let order = printable + (0...255).filter { !printable.contains($0) }
    var byteNumbers = [Int32](repeating: 0, count: 256)
    var symbols: [String: Int32] = [:]
    var spare: UInt32 = 256
    for (number, byte) in order.enumerated() {
      byteNumbers[byte] = Int32(number)
      var scalar = Unicode.Scalar(UInt8(byte))
      if number >= printable.count {
        scalar = Unicode.Scalar(spare) ?? scalar
        spare += 1
      }
      symbols[String(scalar)] = Int32(number)
      symbols[String(scalar) + "</w>"] = Int32(number + 256)
    }
    var results: [Pair: (rank: Int32, result: Int32)] = [:]
    var next: Int32 = 512
    for (rank, line) in merges.enumerated() {
      let parts = line.split(whereSeparator: \.isWhitespace)
      guard parts.count == 2, let first = symbols[String(parts[0])], let second = symbols[String(parts[1])] else {
        throw PerceptualNetworkError(
          .malformed,
          "\(label): merge \(rank + 1) is '\(line)' and not two known symbols; use the published file of CLIP's merges")
      }
      let pair = Pair(first: first, second: second)
      if results[pair] == nil { results[pair] = (Int32(rank), next) }
      symbols[String(parts[0]) + String(parts[1])] = next
      next += 1
    }
    self.byteNumbers = byteNumbers
    self.merges = results
    start = next
    end = next + 1
  }

  /// Returns the numbers of a text between those of its beginning and end.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - context: The largest number of numbers; a longer text is cut and still ends with its end.
  /// - Returns: At least two numbers, at most `context`.
  public func encode(_ text: String, context: Int = 77) -> [Int32] {
    var numbers = [start]
    for word in CaptionWords.split(text) { numbers += encode(word: word) }
    numbers.append(end)
    guard numbers.count > context else { return numbers }
    numbers = Array(numbers.prefix(context))
    numbers[context - 1] = end
    return numbers
  }

  private func encode(word: String) -> [Int32] {
    if word == CaptionWords.startMark { return [start] }
    if word == CaptionWords.endMark { return [end] }
    var parts = word.utf8.map { byteNumbers[Int($0)] }
    guard let last = parts.popLast() else { return [] }
    parts.append(last + 256)
    while parts.count > 1 {
      var best: (rank: Int32, pair: Pair, result: Int32)?
      for index in 1..<parts.count {
        let pair = Pair(first: parts[index - 1], second: parts[index])
        if let merge = merges[pair], merge.rank < best?.rank ?? .max { best = (merge.rank, pair, merge.result) }
      }
      guard let best else { break }
      var merged: [Int32] = []
      var index = 0
      while index < parts.count {
        if index + 1 < parts.count, parts[index] == best.pair.first, parts[index + 1] == best.pair.second {
          merged.append(best.result)
          index += 2
        } else {
          merged.append(parts[index])
          index += 1
        }
      }
      parts = merged
    }
    return parts
  }

  /// Returns the content of a file, unpacked if it is a gzip file.
  private static func read(_ path: String) throws(PerceptualNetworkError) -> [UInt8] {
    guard let file = gzopen(path, "rb") else {
      throw PerceptualNetworkError(.fileAccess, "cannot open \(path); check the path and its permissions")
    }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &chunk, UInt32(chunk.count))
      guard count >= 0 else {
        throw PerceptualNetworkError(.malformed, "\(path) cannot be unpacked; download it again")
      }
      if count == 0 { return bytes }
      bytes += chunk[..<Int(count)]
    }
  }
}
