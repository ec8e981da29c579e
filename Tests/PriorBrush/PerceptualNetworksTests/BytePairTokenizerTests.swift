import PerceptualNetworks
import Testing

@Suite struct `Byte pair tokenizer` {
  @Test func `agrees with the published tokenizer that is given the same merges`() throws {
    let fixture = try NetworkFixtures.load().tokenizer
    let tokenizer = try BytePairTokenizer(contentsOf: NetworkFixtures.path("merges.txt.gz"))
    #expect(tokenizer.end == fixture.end && tokenizer.count == Int(fixture.end) + 1)
    for (text, expected) in zip(fixture.texts, fixture.numbers) {
      let found = tokenizer.encode(text)
      #expect(found + [Int32](repeating: 0, count: 77 - found.count) == expected, "\(text)")
    }
  }

  @Test func `names the merge that it cannot use`() throws {
    let error = #expect(throws: PerceptualNetworkError.self) {
      try BytePairTokenizer(merges: ["a b", "ab zz"], label: "merges.txt")
    }
    #expect(error?.code == .malformed && error?.message.hasPrefix("merges.txt: merge 2 is 'ab zz'") == true)
    let missing = #expect(throws: PerceptualNetworkError.self) { try BytePairTokenizer(contentsOf: "/nowhere/merges") }
    #expect(missing?.code == .fileAccess)
  }
}
