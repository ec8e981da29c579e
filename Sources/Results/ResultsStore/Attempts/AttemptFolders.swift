import AttemptModel
import Glibc
import Synchronization

/// The folders of attempts; those in which an attempt leaves nothing are handed on to the next one.
///
/// Making and removing files costs more than running a short command, and most commands leave none.
final class AttemptFolders: Sendable {
  private struct Spare {
    var own: [String] = []
    var scratch: [String] = []
  }

  private let folder: String
  private let trash: Trash
  private let spare = Mutex(Spare())

  init(folder: String, trash: Trash) {
    self.folder = folder
    self.trash = trash
  }

  deinit { removeSpare() }

  /// The places of an attempt, whether they exist or not.
  func places(attempt id: Int64, number: Int, fingerprint: String) -> AttemptPlace {
    let own = "\(folder)/attempts/\(id)"
    return AttemptPlace(
      id: id, number: number, folder: own, outputDirectory: "\(own)/output", standardOutputPath: "\(own)/stdout.log",
      standardErrorPath: "\(own)/stderr.log", scratchDirectory: "\(folder)/scratch/\(fingerprint)")
  }

  /// Makes the folders of an attempt; the scratch folder may be there from an earlier attempt of the job.
  func make(_ lease: AttemptPlace) throws(StoreError) {
    try makeOwn(lease)
    if let scratch = spare.withLock({ $0.scratch.popLast() }) {
      if rename(scratch, lease.scratchDirectory) == 0 { return }
      rmdir(scratch)
    }
    try FileSystem.makeFolder(lease.scratchDirectory)
  }

  private func makeOwn(_ lease: AttemptPlace) throws(StoreError) {
    if let own = spare.withLock({ $0.own.popLast() }) {
      if rename(own, lease.folder) == 0 { return }
      trash.remove([own])
    }
    // What is there was left by a process that was killed before it could book the attempt.
    trash.remove([lease.folder])
    try FileSystem.makeFolder(lease.outputDirectory)
  }

  /// Takes back the folders of an attempt that is over: what is empty serves the next one.
  ///
  /// - Parameters:
  ///   - lease: Its places.
  ///   - keepsLogs: Whether the place of its logs stays even if it is empty, because a message names it.
  func takeBack(_ lease: AttemptPlace, keepsLogs: Bool) {
    if FileSystem.isEmptyFolder(lease.scratchDirectory) {
      spare.withLock { $0.scratch.append(lease.scratchDirectory) }
    }
    if !keepsLogs, Self.isEmpty(lease.folder) { spare.withLock { $0.own.append(lease.folder) } }
  }

  /// Removes the folders that wait for a next attempt.
  func removeSpare() {
    let spare = spare.withLock { spare in
      defer { spare = Spare() }
      return spare
    }
    for path in spare.own where Self.isEmpty(path) { FileSystem.remove(path) }
    for path in spare.scratch { rmdir(path) }
  }

  /// Whether the folder of an attempt holds nothing but an empty output folder and empty logs.
  private static func isEmpty(_ own: String) -> Bool {
    FileSystem.isEmptyFolder("\(own)/output")
      && FileSystem.isEmptyFolder(own) { name in
        name == "output" || (name.hasSuffix(".log") && FileSystem.size(ofFile: "\(own)/\(name)") == 0)
      }
  }
}
