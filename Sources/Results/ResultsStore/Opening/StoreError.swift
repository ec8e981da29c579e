/// A failure of the results database or of the files beside it.
///
///     do {
///       _ = try ResultsStore(path: "results/results.sqlite", mode: .readWrite)
///     } catch let error as StoreError where error.code == .busy {
///       print(error)   // … is being written by process 4711; wait until it ends, or choose another --results folder
///     }
public struct StoreError: Error, Sendable {
  /// What failed, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Name: String {
      case missing, newerSchema, olderSchema, busy, corrupt, notADatabase, displaced, notWritable, diskFull, migration,
        artifact
      case notFound, attemptOver, inconsistent, other
    }

    private var name: Name

    /// There is no database at the path.
    public static let missing = Code(name: .missing)
    /// The database was made by a newer version of the program.
    public static let newerSchema = Code(name: .newerSchema)
    /// The database was made by an older version and may not be migrated by a reader.
    public static let olderSchema = Code(name: .olderSchema)
    /// Another process writes, or holds a lock for too long.
    public static let busy = Code(name: .busy)
    /// The database file is damaged.
    public static let corrupt = Code(name: .corrupt)
    /// The file is something else than a results database.
    public static let notADatabase = Code(name: .notADatabase)
    /// The database file was removed, moved, replaced or cut short while it was being written.
    public static let displaced = Code(name: .displaced)
    /// A file or folder cannot be created or written.
    public static let notWritable = Code(name: .notWritable)
    /// The disk has no room left.
    public static let diskFull = Code(name: .diskFull)
    /// A migration or its backup failed; the database is unchanged.
    public static let migration = Code(name: .migration)
    /// A produced file is missing, unreadable or cannot be stored.
    public static let artifact = Code(name: .artifact)
    /// There is no such run, plan, job or attempt.
    public static let notFound = Code(name: .notFound)
    /// The attempt has ended already.
    public static let attemptOver = Code(name: .attemptOver)
    /// The caller's records contradict the schema.
    public static let inconsistent = Code(name: .inconsistent)
    /// Any other failure of SQLite or the system.
    public static let other = Code(name: .other)

    /// The code's name, as in the source.
    public var description: String { name.rawValue }
  }

  /// What failed.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence that names the file.
  public var message: String
  /// The file concerned, as the caller wrote it.
  public var path: String
  /// The failure underneath, if any.
  public var cause: (any Error)?

  /// Makes an error.
  public init(code: Code, message: String, path: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.path = path
    self.cause = cause
  }
}

extension StoreError: CustomStringConvertible {
  /// The message on one line.
  public var description: String { message }

  /// The message, and the failure underneath on a second, indented line.
  public var detailedDescription: String {
    guard let cause else { return message }
    return "\(message)\n  because: \(cause)"
  }
}
