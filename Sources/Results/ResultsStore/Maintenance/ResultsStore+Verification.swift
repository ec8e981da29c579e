import Digest
import Dispatch
import GRDB
import Synchronization

/// What a check of the database and its files found.
public struct Verification: Sendable, Hashable {
  /// What is wrong with one thing.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The sort of a problem.
    public enum Kind: String, Sendable, Hashable {
      /// A page, index, reference or definition inside the database.
      case database
      /// A stored file or folder is not there.
      case missing
      /// A stored file's or folder's size or content is not what its name says.
      case altered
    }

    /// What sort it is.
    public var kind: Kind
    /// The file or folder, and what is wrong with it.
    public var description: String
  }

  /// Everything found, worst first.
  public var problems: [Problem]
  /// How many different stored files and folders were looked at.
  public var checkedFiles: Int
  /// Files and folders in the artifact folder that no attempt refers to; harmless, left by crashes.
  public var unreferencedFiles: [String]
  /// Results that the database refused, kept aside; harmless, their attempts count as lost or failed.
  public var refusedResults: [String]
}

extension ResultsStore {
  /// Checks the database's pages, indexes, references and definitions, and every stored file and folder.
  ///
  /// - Parameter checksDigests: Whether files are read and hashed; otherwise only their sizes are compared.
  /// - Returns: The problems, each naming the file or folder and an artifact that needs it.
  /// - Throws: `StoreError` if the database cannot be read at all.
  public func verify(checksDigests: Bool = true) throws(StoreError) -> Verification {
    let (pages, files, freed) = try read { database in
      let pages = try StoreBackup.problems(in: database) + schema.deviations(in: database)
      let freed = try String.fetchSet(database, sql: "SELECT sha256 FROM freed_content")
      let files = try database.rows(
        sql: """
          SELECT sha256, byte_count, min(attempt_id), name, count(*) FROM artifact GROUP BY sha256, byte_count
          ORDER BY sha256
          """
      ) { row in
        StoredFile(
          digest: try row[0], byteCount: try row[1], attempt: try row[2], name: try row[3], count: try row[4])
      }
      return (pages, files, freed)
    }
    var problems = pages.map { Verification.Problem(kind: .database, description: "'\(path)': \($0)") }
    for (file, problem) in zip(files, check(files, checksDigests: checksDigests)) {
      guard let problem else { continue }
      if problem.kind != .missing || !freed.contains(file.digest) { problems.append(problem) }
    }
    let known = Set(files.map(\.digest))
    let shelves = FileSystem.entries(of: artifacts.root)
    let unreferenced = shelves.flatMap { shelf in
      FileSystem.entries(of: "\(artifacts.root)/\(shelf)").filter { !known.contains(shelf + $0) }.map {
        "\(artifacts.root)/\(shelf)/\($0)"
      }
    }
    return Verification(
      problems: problems, checkedFiles: files.count, unreferencedFiles: unreferenced,
      refusedResults: refusedResults.paths)
  }

  /// Looks at many files at a time; returns the problem of each, in their order.
  private func check(_ files: [StoredFile], checksDigests: Bool) -> [Verification.Problem?] {
    let stretch = 64
    let stretches = stride(from: 0, to: files.count, by: stretch).map { files[$0..<min($0 + stretch, files.count)] }
    let found = Mutex<[Int: [Verification.Problem?]]>([:])
    DispatchQueue.concurrentPerform(iterations: stretches.count) { index in
      let problems = stretches[index].map { check($0, checksDigests: checksDigests) }
      found.withLock { $0[index] = problems }
    }
    return found.withLock { found in stretches.indices.flatMap { found[$0] ?? [] } }
  }

  private func check(_ file: StoredFile, checksDigests: Bool) -> Verification.Problem? {
    let user =
      "needed as '\(file.name)' of attempt \(file.attempt)" + (file.count > 1 ? " and \(file.count - 1) more" : "")
    guard let digest = SHA256Digest(hex: file.digest) else {
      return Verification.Problem(
        kind: .database, description: "'\(path)': '\(file.digest)' is not a digest, \(user)")
    }
    let place = artifacts.path(of: digest)
    do {
      guard let content = try ArtifactContent(of: place) else {
        return Verification.Problem(kind: .missing, description: "'\(place)' is missing, \(user)")
      }
      return check(content, of: file, user: user, checksDigests: checksDigests)
    } catch {
      return Verification.Problem(kind: .altered, description: "\(error), \(user)")
    }
  }

  private func check(
    _ content: ArtifactContent, of file: StoredFile, user: String, checksDigests: Bool
  ) -> Verification.Problem? {
    let place = content.path
    guard content.byteCount == file.byteCount else {
      return Verification.Problem(
        kind: .altered, description: "'\(place)' has \(content.byteCount) bytes instead of \(file.byteCount), \(user)")
    }
    guard checksDigests else { return nil }
    do {
      let digest = try content.digest().hex
      if digest == file.digest { return nil }
      return Verification.Problem(
        kind: .altered, description: "'\(place)' has another content (SHA-256 \(digest)), \(user)")
    } catch {
      return Verification.Problem(kind: .altered, description: "\(error), \(user)")
    }
  }
}

/// A distinct stored file and one artifact that refers to it.
private struct StoredFile: Sendable {
  var digest: String
  var byteCount: Int64
  var attempt: Int64
  var name: String
  var count: Int
}
