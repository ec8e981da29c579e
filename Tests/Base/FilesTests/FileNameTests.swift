import Files
import Testing

@Suite struct FileNameTests {
  @Test(arguments: ["a", "exp1", "nightly-summary", "A_b-9", String(repeating: "x", count: 120)])
  func `a plain name is kept as it is`(text: String) throws {
    #expect(try #require(FileName(text)).text == text)
    #expect("\(try #require(FileName(text)))" == text)
  }

  @Test(arguments: [
    "", ".", "..", "../../evil", "a/b", "/etc/passwd", ".hidden", "a.b", "a b", "a\nb", "a\u{0}b", "a\u{1B}[2J",
    "größe",
    "a\u{202E}b", "con", "NUL", "Com1", String(repeating: "x", count: 121),
  ])
  func `what could lead astray is no name`(text: String) throws {
    #expect(FileName(text) == nil)
    #expect(try #require(FileName.problem(with: text)).allSatisfy { $0 != "\n" })
  }
}
