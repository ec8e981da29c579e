/// Texts as LaTeX prints them, with any of its engines.
enum LaTeXText {
  /// The command that prints a character where the engine can, and its code point elsewhere.
  private static let command = "\\reportcharacter"

  /// What a file needs before it can use ``escaped(_:)``, with a remark that says why; empty for a text in which all is known.
  static func preamble(for text: String) -> String {
    guard text.contains(command) else { return "" }
    return
      "% Characters beyond Latin and Greek letters need XeLaTeX or LuaLaTeX with a font that has them; other engines print\n"
      + "% their code points, such as [U+4E2D].\n"
      + "\\ifdefined\\reportcharacter\\else\n"
      + "  \\ifdefined\\Umathchar\\DeclareRobustCommand\\reportcharacter[1]{\\symbol{\"#1}}\n"
      + "  \\else\\DeclareRobustCommand\\reportcharacter[1]{{[}U+#1{]}}\\fi\n\\fi\n"
  }

  /// Returns a text with everything escaped that LaTeX would obey.
  ///
  /// Letters that need a font of their own become commands, so that the file compiles with every engine and no letter is lost.
  static func escaped(_ text: String) -> String {
    text.map { character in
      if let known = special[character] { return known }
      if character.isNewline { return " " }
      return character.unicodeScalars.map { scalar in
        if let known = special[Character(scalar)] { return known }
        let isPrinted = (0x20..<0x7F).contains(scalar.value) || (0xA0..<0x180).contains(scalar.value)
        return isPrinted ? String(scalar) : "\(command){\(hexadecimal(scalar))}"
      }.joined()
    }.joined()
  }

  /// At least four digits, as code points are written.
  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static let special: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "[": "{[}", "]": "{]}",
    "\"": "''", "−": "$-$", "±": "$\\pm$", "×": "$\\times$", "≥": "$\\geq$", "≤": "$\\leq$", "—": "---", "–": "--",
    "†": "$^\\dagger$", "…": "\\dots{}", "∞": "$\\infty$", "·": "$\\cdot$", "→": "$\\rightarrow$", "§": "\\S{}",
    "⁰": "$^0$", "¹": "$^1$", "²": "$^2$", "³": "$^3$", "⁴": "$^4$", "⁵": "$^5$", "⁶": "$^6$", "⁷": "$^7$",
    "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "ε": "$\\epsilon$", "η": "$\\eta$",
    "κ": "$\\kappa$",
    "λ": "$\\lambda$", "μ": "$\\mu$", "π": "$\\pi$", "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "φ": "$\\phi$",
    "Δ": "$\\Delta$", "Σ": "$\\Sigma$", "↑": "$\\uparrow$", "↓": "$\\downarrow$", "≈": "$\\approx$", "√": "$\\surd$",
    "⁸": "$^8$", "⁹": "$^9$", "⁻": "$^-$", "“": "``", "”": "''", "’": "'", "\u{A0}": "~",
  ]
}
