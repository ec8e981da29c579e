import Printing
import Testing

@Suite struct `A text for people` {
  @Test(arguments: [
    ("plain\ttext\nand a line", "plain\ttext\nand a line"),
    ("\u{1B}[31mred\u{1B}[0m", "␛[31mred␛[0m"),
    ("\u{1B}]0;title\u{7}", "␛]0;title␇"),
    ("a\r\nb\rc", "a\nb␍c"),
    ("nul\0 del\u{7F}", "nul␀ del␡"),
    ("\u{9B}31m", "\\u{9B}31m"),
    ("a\u{202E}b\u{2028}c\u{2066}", "a\\u{202E}b\\u{2028}c\\u{2066}"),
    ("größe — 日本 👩‍👩‍👧 e\u{301}", "größe — 日本 👩‍👩‍👧 e\u{301}"),
  ])
  func `shows control characters instead of obeying them`(text: String, expected: String) {
    #expect(text.printable == expected)
  }

  @Test func `can be had on one line`() {
    #expect("a\n\u{1B}b\tc\r\n".printableLine == "a␊␛b c␊")
    #expect("a line".printableLine == "a line")
  }

  @Test func `is cut with its length`() {
    #expect("short".abbreviated(to: 5) == "short")
    #expect("ééééé".abbreviated(to: 5) == "ééééé")
    #expect(String(repeating: "é", count: 20_000).abbreviated(to: 3) == "ééé… (20000 characters)")
  }

  @Test(arguments: [
    ("größe", 5), ("日本", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("a\u{200B}b", 2), ("한국어", 6),
    ("عربى", 4), ("ｆｕｌｌ", 8), ("", 0), ("─…", 2),
  ])
  func `takes as many columns as a terminal gives it`(text: String, columns: Int) {
    #expect(text.columns == columns)
    #expect(text.padded(toColumns: 10).columns == 10)
    #expect(text.padded(toColumns: 10, isTrailing: true).hasSuffix(text))
  }

  @Test func `is cut to a number of columns`() {
    #expect("日本語".cut(toColumns: 6) == "日本語")
    #expect("日本語".cut(toColumns: 5) == "日本…")
    #expect("日本語".cut(toColumns: 4) == "日…")
    #expect("abc".cut(toColumns: 1) == "…")
    #expect("e\u{301}e\u{301}".cut(toColumns: 2) == "e\u{301}e\u{301}")
    let many = String(repeating: "👩‍👩‍👧語a", count: 20_000)
    for limit in 1...40 { #expect(many.cut(toColumns: limit).columns <= limit) }
    #expect("a\nbcdef".abbreviatedLines(to: 3) == "a\nbcd… (5 characters)")
  }

  @Test func `is part of a well-formed document whatever it is`() {
    #expect(XMLText.escaped("a<b & \"c\"\u{1}\n") == "a&lt;b &amp; &quot;c&quot;␁ ")
    #expect(XMLText.escaped("\u{FFFE}\u{1B}\u{7F}\t>") == "\u{FFFD}␛␡ &gt;")
    let everything = (0...0xFFFF).compactMap(Unicode.Scalar.init).map { String(Character($0)) }.joined()
    #expect(
      !XMLText.escaped(everything).unicodeScalars.contains { $0.value < 0x20 || (0xFFFE...0xFFFF).contains($0.value) })
  }

  @Test(arguments: [
    (["=1+1", "+a", "-1+2", "@x", "\tx", "\n="], "'=1+1,'+a,'-1+2,'@x,'\tx,\"'\n=\"\r\n"),
    (["-1", "+2.5e3", "-Infinity", "−1", "NaN", ""], "-1,+2.5e3,-Infinity,−1,NaN,\r\n"),
    (["a,b", "say \"x\"", "two\nlines", "\u{1B}[1m"], "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",␛[1m\r\n"),
    (["a\rb", "c\r\nd", "\r=", "''=1", "'tis"], "\"a\rb\",\"c\r\nd\",\"'\r=\",'''=1,'tis\r\n"),
    (["\"\u{301},"], "\"\"\"\u{301},\"\r\n"),
    (["\"", "\"\"", "=\"a\""], "\"\"\"\",\"\"\"\"\"\",\"'=\"\"a\"\"\"\r\n"),
  ])
  func `runs in no spreadsheet, and numbers stay numbers`(fields: [String], expected: String) {
    #expect(CSVLine.text(of: fields) == expected)
  }
}
