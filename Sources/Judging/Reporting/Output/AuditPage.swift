import ExperimentSpec

/// The page about the paper's printed numbers, which needs no measurement.
enum AuditPage {
  /// Returns the page's blocks, none if no spec has an audit.
  static func blocks(_ sections: [(experiment: String, section: ReportSection)]) -> [PageBlock] {
    let findings = sections.flatMap(\.section.audit)
    guard !findings.isEmpty else { return [] }
    var blocks: [PageBlock] = [
      .title("The paper's own numbers"),
      .paragraph(
        "What can be said of the printed numbers before anything is measured. None of this decides a claim; it tells which "
          + "comparisons with the paper carry weight."),
      .heading("Observations"), .table(PaperAudit.findings(findings), name: "findings"),
    ]
    let repeated = PaperAudit.repeated(sections)
    if !repeated.rows.isEmpty {
      blocks += [
        .heading("Values printed again and again"),
        .paragraph("Dimensionless values that the declared tables hold at least three times."),
        .table(repeated, name: "repeated"),
      ]
    }
    let arithmetic = PaperAudit.arithmetic(sections)
    if !arithmetic.rows.isEmpty {
      blocks += [
        .heading("Do printed summaries follow from printed rows?"),
        .paragraph("Standard deviations with n − 1 and with n; a summary agrees if it is one of them after rounding."),
        .table(arithmetic, name: "arithmetic"),
      ]
    }
    return blocks
  }
}
