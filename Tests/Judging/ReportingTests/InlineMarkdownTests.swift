import Reporting
import Testing

@Suite struct InlineMarkdownTests {
  @Test(arguments: [
    ("plain", "plain"), ("a **b** *c* `d*`", "a b c d*"), ("2 * 3 * 4", "2 * 3 * 4"), ("[x](y) [1, 2]", "x [1, 2]"),
    ("**reproduced**", "reproduced"), (#"\*not\* \[a\](b)"#, "*not* [a](b)"), ("*a **b** c*", "a b c"),
    ("unclosed **b and *c and `d and [e](f", "unclosed **b and *c and `d and [e](f"), ("", ""),
  ])
  func `marks are taken off`(marked: String, plain: String) {
    #expect(InlineMarkdown.plain(marked) == plain)
  }

  @Test func `many marks that never close are read in good time`() {
    for mark in ["[", "*", "**", "`", "\\", "*[", "[*a"] {
      let text = String(repeating: mark, count: 2_000)
      #expect(InlineMarkdown.plain(text).count <= text.count)
    }
  }
}
