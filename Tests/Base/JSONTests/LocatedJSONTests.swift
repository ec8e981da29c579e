import JSON
import Testing

@Suite struct `Located JSON` {
  @Test func `values and keys know their places`() throws {
    let source = SourceText(name: "x.json", text: "{\n  // größe\n  \"größe\": [1, /* two */ \"b\",],\n}\n")
    let tree = try LocatedJSON(parsing: source, dialect: .relaxed)
    let member = try #require(tree.members?.first)
    #expect(source.location(at: member.keyRange.lowerBound) == SourceLocation(line: 3, column: 3))
    #expect(source.location(at: member.value.range.lowerBound) == SourceLocation(line: 3, column: 12))
    let second = try #require(member.value.elements?.last)
    #expect(source.location(at: second.range.lowerBound) == SourceLocation(line: 3, column: 26))
    #expect(String(decoding: source.bytes[second.range], as: UTF8.self) == "\"b\"")
    #expect(tree.value == ["größe": [1, "b"]])
    #expect(source.text(ofLine: 2) == "  // größe")
    #expect(source.text(ofLine: 99) == "")
  }

  @Test func `a member that occurs twice is kept for the caller to report`() throws {
    let tree = try LocatedJSON(parsing: SourceText(name: "x", text: #"{"a": 1, "a": 2}"#))
    #expect(tree.members?.count == 2)
    #expect(tree.value == ["a": 1])
  }

  @Test func `line ends of both kinds are left out of the line's text`() {
    let source = SourceText(name: "x", text: "a\r\nb\nc")
    #expect((1...3).map(source.text(ofLine:)) == ["a", "b", "c"])
    #expect(source.location(at: 100) == SourceLocation(line: 3, column: 2))
  }
}
