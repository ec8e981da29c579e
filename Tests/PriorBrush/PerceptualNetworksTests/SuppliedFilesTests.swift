import Foundation
import PerceptualNetworks
import Testing

/// Checks of published files, for those who have them: set PUBLISHED_WEIGHTS to their folder.
@Suite struct `Supplied files` {
  private static func path(_ name: String) -> String? {
    guard let folder = ProcessInfo.processInfo.environment["PUBLISHED_WEIGHTS"] else { return nil }
    let path = "\(folder)/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  @Test(.enabled(if: path("bpe_simple_vocab_16e6.txt.gz") != nil))
  func `of merges give the numbers that CLIP was trained on`() throws {
    let tokenizer = try BytePairTokenizer(contentsOf: Self.path("bpe_simple_vocab_16e6.txt.gz"))
    #expect(tokenizer.start == 49_406 && tokenizer.end == 49_407 && tokenizer.count == 49_408)
    #expect(tokenizer.encode("a photo of a cat") == [49_406, 320, 1125, 539, 320, 2368, 49_407])
  }

  @Test(.enabled(if: path("alex.pth") != nil), arguments: [("alex.pth", [64, 192, 384, 256, 256])])
  func `of heads hold weights that are not negative`(name: String, channels: [Int]) throws {
    let file = try PublishedWeights(contentsOf: #require(Self.path(name)))
    #expect(file.names.count == channels.count)
    for (index, count) in channels.enumerated() {
      let values = try file.values(of: "lin\(index).model.1.weight", shape: [1, count, 1, 1])
      #expect(values.allSatisfy { $0 >= 0 } && values.contains { $0 > 0 })
    }
  }
}
