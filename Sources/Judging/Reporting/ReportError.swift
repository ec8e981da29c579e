/// A report that cannot be made.
public struct ReportError: Error, Sendable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable {
    private enum Name {
      case badSection, badName, unreadablePicture, unknownExperiment, unknownAddress, notPublished, notWritable
    }
    private var name: Name
    /// The report section of a stored spec is not what a report needs.
    public static let badSection = Code(name: .badSection)
    /// An experiment whose name cannot be that of a file.
    public static let badName = Code(name: .badName)
    /// An artifact that a figure shows, and that is no picture.
    public static let unreadablePicture = Code(name: .unreadablePicture)
    /// An experiment that the database does not hold.
    public static let unknownExperiment = Code(name: .unknownExperiment)
    /// An address that names no number of a report, or several.
    public static let unknownAddress = Code(name: .unknownAddress)
    /// A folder without a page to compare with.
    public static let notPublished = Code(name: .notPublished)
    /// A file or folder of the report cannot be written.
    public static let notWritable = Code(name: .notWritable)
  }

  /// What failed, for `switch`.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence.
  public var message: String

  /// The same as ``message``.
  public var description: String { message }

  /// The error for an experiment that the database does not hold.
  ///
  /// - Parameters:
  ///   - experiment: The name asked for.
  ///   - known: The names of all experiments.
  /// - Returns: An error with code `.unknownExperiment`.
  public static func unknown(_ experiment: String, known: [String]) -> ReportError {
    let names = known.isEmpty ? "no experiment" : known.joined(separator: ", ")
    return ReportError(
      .unknownExperiment, "no run of an experiment \(experiment) is stored; the database holds \(names)")
  }

  /// A name of others, fit for a message: short, and without characters that a terminal obeys.
  static func shown(_ name: String) -> String {
    let plain = name.prefix(60).unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }
    return plain.joined() + (name.count > 60 ? "…" : "")
  }

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
