/// An attempt under way and its places on the disk.
public struct AttemptPlace: Sendable, Hashable {
  /// Identifies it among all attempts of the database.
  public var id: Int64
  /// 1 for the job's first attempt in its run.
  public var number: Int
  /// The attempt's own folder.
  public var folder: String
  /// Where products go: `output` in ``folder``.
  public var outputDirectory: String
  /// File for standard output.
  public var standardOutputPath: String
  /// File for standard error.
  public var standardErrorPath: String
  /// Folder of the fingerprint, the same for all its attempts, for checkpoints.
  public var scratchDirectory: String

  /// Makes a place.
  ///
  /// - Parameters:
  ///   - id: Identifies the attempt.
  ///   - number: 1 for the job's first attempt in its run.
  ///   - folder: The attempt's own folder; empty where it has none.
  ///   - outputDirectory: Where products go.
  ///   - standardOutputPath: File for standard output.
  ///   - standardErrorPath: File for standard error.
  ///   - scratchDirectory: Folder of the fingerprint, the same for all its attempts.
  public init(
    id: Int64, number: Int = 1, folder: String = "", outputDirectory: String, standardOutputPath: String,
    standardErrorPath: String, scratchDirectory: String
  ) {
    self.id = id
    self.number = number
    self.folder = folder
    self.outputDirectory = outputDirectory
    self.standardOutputPath = standardOutputPath
    self.standardErrorPath = standardErrorPath
    self.scratchDirectory = scratchDirectory
  }
}
