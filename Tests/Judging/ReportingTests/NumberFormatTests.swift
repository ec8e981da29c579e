import Reporting
import Testing

@Suite struct NumberFormatTests {
  @Test func `fixed decimals have a true minus sign and no negative zero`() {
    #expect(NumberFormat.fixed(0.8599, 4) == "0.8599")
    #expect(NumberFormat.fixed(-1.5, 1) == "−1.5")
    #expect(NumberFormat.fixed(-0.00001, 4) == "0.0000")
    #expect(NumberFormat.fixed(2, 0) == "2")
    #expect(NumberFormat.fixed(.nan, 2) == "NaN")
    #expect(NumberFormat.fixed(-.infinity, 2) == "−∞")
    #expect(NumberFormat.fixed(1e300, 2).hasSuffix(".00"))
  }

  @Test func `significant digits follow the rounded value`() {
    #expect(NumberFormat.significant(0.00204, 4) == "0.002040")
    #expect(NumberFormat.significant(9.996, 3) == "10.0")
    #expect(NumberFormat.significant(1234.5, 3) == "1234" || NumberFormat.significant(1234.5, 3) == "1235")
    #expect(NumberFormat.significant(0, 3) == "0")
    #expect(NumberFormat.significant(1.234e-9, 3) == "1.23 × 10⁻⁹")
    #expect(NumberFormat.significant(-2.5e12, 2) == "−2.5 × 10¹²")
  }

  @Test func `decimals show two digits of the spread`() {
    #expect(NumberFormat.decimals(forSpread: 0.0000316, atLeast: 4) == 6)
    #expect(NumberFormat.decimals(forSpread: 12, atLeast: 1) == 1)
    #expect(NumberFormat.decimals(forSpread: nil, atLeast: 4) == 4)
    #expect(NumberFormat.decimals(forSpread: 0, atLeast: 4) == 4)
    #expect(NumberFormat.decimals(forSpread: 1e-30, atLeast: 4) == 9)
  }

  @Test func `trailing zeros are cut`() {
    #expect(NumberFormat.trimmed(2.50, 2) == "2.5")
    #expect(NumberFormat.trimmed(100, 2) == "100")
  }

  @Test func `attempts are compacted to ranges`() {
    #expect(AttemptTrail.compact([7, 1, 2, 5, 6, 8, 9, 9]) == "1, 2, 5–9")
    #expect(AttemptTrail.compact([4]) == "4")
  }
}

@Suite struct ChartScaleTests {
  private static let ranges: [(Double, Double)] = [
    (0, 1), (0.85, 0.95), (-3, 7), (2, 2), (0, 0), (1e-9, 3e-9), (0.6, 6.1), (1e6, 1_000_003),
  ]

  @Test(arguments: ranges)
  func `ticks enclose the values at round steps`(low: Double, high: Double) {
    let ticks = ChartScale.ticks(from: low, to: high)
    #expect(ticks.domain.lowerBound <= low && ticks.domain.upperBound >= high)
    #expect(ticks.values.count >= 2 && ticks.values.count <= 9, "\(ticks)")
    let labels = Set(ticks.values.map { NumberFormat.fixed($0, ticks.decimals) })
    #expect(labels.count == ticks.values.count, "\(ticks)")
  }

  @Test func `zero is the base of values that come near it`() {
    #expect(ChartScale.ticks(from: 0.6, to: 6.1).domain.lowerBound == 0)
    #expect(ChartScale.ticks(from: 0.85, to: 0.95).domain.lowerBound > 0.8)
  }

  @Test func `positions are linear and a flat domain is in the middle`() {
    let scale = ChartScale(domain: 0...10, start: 100, end: 0)
    #expect(scale.position(5) == 50 && scale.position(10) == 0)
    #expect(ChartScale(domain: 3...3, start: 0, end: 10).position(3) == 5)
  }

  @Test func `a logarithmic scale gives equal ratios equal room, and round ticks`() {
    let scale = ChartScale(domain: 1...100, start: 0, end: 200, isLogarithmic: true)
    #expect(abs(scale.position(10) - 100) < 1e-9 && abs(scale.position(100) - 200) < 1e-9)
    #expect(scale.position(0.5) == 0 && scale.position(-1) == 0)
    #expect(ChartScale.logarithmicTicks(in: 0.8...49) == [1, 2, 5, 10, 20])
    #expect(ChartScale.needsLogarithm([1, 3, 20]))
    #expect(
      !ChartScale.needsLogarithm([1, 19]) && !ChartScale.needsLogarithm([0, 50]) && !ChartScale.needsLogarithm([]))
  }
}

@Suite struct MarkdownTests {
  @Test func `text that would be markup is escaped`() {
    #expect(Markdown.escaped("a|b*c_d<e>\nf") == "a\\|b\\*c\\_d\\<e\\> f")
    #expect(Markdown.escaped("~~s~~ $x^2$ A & B &lt; &#60;") == ##"\~\~s\~\~ \$x^2\$ A & B \&lt; \&\#60;"##)
    #expect(Markdown.escaped("\u{1B}[1m a\r\nb|\u{301}") == "␛\\[1m a b\\|\u{301}")
    #expect(Markdown.code("a`b\nc") == "`a'b␊c`")
    #expect(Markdown.shortened("first\nsecond", to: 60) == "first")
    #expect(Markdown.shortened("abcdefgh", to: 5) == "abcd…")
  }

  @Test func `cut text fits its room`() {
    let text = TextWidth.truncated(String(repeating: "W", count: 100), to: 80, size: 11)
    #expect(text.hasSuffix("…") && TextWidth.of(text, size: 11) <= 80)
    #expect(TextWidth.wrapped("one two three four", to: 45, size: 11, maximumLines: 2).count == 2)
  }
}

@Suite struct InertMarkdownTests {
  @Test(arguments: [
    ("a <b>x</b> <!-- y --> <?z ?>", #"a \<b>x\</b> \<!-- y --> \<?z ?>"#),
    ("1 < 2 <3 `<b>` ``<i>`` \\<u>", "1 < 2 <3 `<b>` ``<i>`` \\<u>"),
    ("an open ` <b>", "an open ` \\<b>"),
    ("[a](page.md) [b](http://x/y:z) [c](#d)", "[a](page.md) [b](http://x/y:z) [c](#d)"),
    (
      "[a](javascript:x) [b]( JavaScript:x) [c](<javascript:x>)",
      "[a](#javascript:x) [b]( #JavaScript:x) [c](<#javascript:x>)"
    ),
    (
      "[a](java&#115;cript:x) [b](javascript&colon;x) [c](data:y)",
      "[a](#java&#115;cript:x) [b](#javascript&colon;x) [c](#data:y)"
    ),
    ("text\n[r]: javascript:x", "text\n[r]: #javascript:x"),
    ("Time [ms]: 5:1", "Time [ms]: 5:1"),
    ("\u{1B}[1mx", "␛[1mx"),
  ])
  func `tags and links that could run are switched off`(source: String, expected: String) {
    #expect(InertMarkdown.text(source) == expected)
  }
}
