import Files
import Testing

@Suite struct FreeNameTests {
  @Test(arguments: [
    "loss", "time.student", "größe", "日本", "top 5 %", "👩‍👩‍👧", "e\u{301}", "a\u{200D}b",
    String(repeating: "x", count: 1024),
  ])
  func `a name that reads as it is is one`(text: String) {
    #expect(FreeName.expectation(for: text) == nil)
  }

  @Test(arguments: [
    ("", "not an empty text"), (" ", "only spaces"), ("\u{200B}\u{A0}", "only spaces"),
    (" a", "without spaces at its ends"), ("a\u{2003}", "without spaces at its ends"), ("a\nb", "U+000A"),
    ("a\tb", "U+0009"), ("\u{1B}[2J", "U+001B"), ("a\u{85}", "U+0085"), ("a\u{2028}b", "U+2028"),
    ("a\u{202E}b", "U+202E"), (String(repeating: "ä", count: 513), "at most 1024 bytes, not 1026"),
  ])
  func `one that would mislead its reader is none, with the cure`(text: String, expectation: String) {
    #expect(FreeName.expectation(for: text)?.contains(expectation) == true)
  }
}

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
