import AttemptModel
import Digest
import Foundation
import Glibc
import ResultsStore
import StoreCrashPlan
import Testing

@Suite struct FolderArtifactTests {
  private static let files = ["a.png": "first", "sub/b.png": "second", "sub/deep/c.txt": ""]
  private static let digest = SHA256Digest(
    of: files.sorted { $0.key < $1.key }.map { "\($0.key)\0\(SHA256Digest(of: $0.value).hex)\n" }.joined())

  let fixture = StoreFixture()

  @Test func `a folder is moved to its digest, and its files become read-only`() async throws {
    let store = try fixture.open()
    let (lease, stored) = try await publish(in: store)
    let result = try #require(stored["set"])
    let digest = Self.digest.hex
    #expect(
      result
        == ArtifactResult(
          name: "set", digest: digest, byteCount: 11, mediaType: "inode/directory",
          path: "\(fixture.folder)/artifacts/\(digest.prefix(2))/\(digest.dropFirst(2))"))
    #expect(try SHA256Digest(ofFolder: result.path) == Self.digest)
    for (name, content) in Self.files {
      #expect(try StoreFixture.read("\(result.path)/\(name)") == content)
      var status = stat()
      #expect(stat("\(result.path)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o444)
    }
    #expect(access("\(lease.outputDirectory)/set", F_OK) != 0)
    #expect(access("\(result.path)/empty", F_OK) != 0)
    #expect(try store.attempts(of: StoreFixture.fingerprint("coarse 43"))[0].artifacts == [result])
    let verification = try store.verify()
    #expect(verification.problems.isEmpty && verification.checkedFiles == 1 && verification.unreferencedFiles.isEmpty)
  }

  @Test func `a folder is reused while it has its size`() async throws {
    let store = try fixture.open()
    let path = try #require(try await publish(in: store).files["set"]).path
    let print = StoreFixture.fingerprint("coarse 43")
    #expect(try store.reusableAttempts(for: [(print, false)])[print]?.paths == ["set": path])
    unlink("\(path)/a.png")
    #expect(try store.reusableAttempts(for: [(print, false)]).isEmpty)
    try FileManager.default.removeItem(atPath: path)
    #expect(try store.reusableAttempts(for: [(print, false)]).isEmpty)
  }

  @Test func `the same folder is stored once`() async throws {
    let store = try fixture.open()
    let first = try await publish(in: store).files
    let second = try await publish(in: store, job: 1).files
    #expect(first == second)
    #expect(try store.verify().checkedFiles == 1)
  }

  @Test func `attempts that publish the same folder at once all succeed`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let shared = try Self.makeSet(at: "\(fixture.folder)/shared")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask {
          let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
          let path = index % 2 == 0 ? shared : try Self.makeSet(at: "\(lease.outputDirectory)/set")
          _ = try await store.finishAttempt(lease.id, with: Self.report(path))
        }
      }
      try await group.waitForAll()
    }
    let verification = try store.verify()
    #expect(verification.problems.isEmpty && verification.checkedFiles == 1 && verification.unreferencedFiles.isEmpty)
  }

  @Test func `a folder outside, or with a file that has two names, is copied and stays as it is`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let outside = try Self.makeSet(at: "\(fixture.folder)/outside")
    let first: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    let linked = try Self.makeSet(at: "\(first.outputDirectory)/linked")
    try StoreFixture.write("other", to: "\(linked)/a.png")
    #expect(link("\(linked)/a.png", "\(fixture.folder)/second-name.png") == 0)
    let files = [Self.produced(outside), Self.produced("\(linked)/", name: "linked")]
    let stored = try await store.finishAttempt(first.id, with: AttemptReport(exitKind: .succeeded, files: files))
    #expect(stored["set"]?.digest == Self.digest.hex)
    for path in [outside, linked] {
      var status = stat()
      #expect(stat("\(path)/a.png", &status) == 0 && status.st_mode & 0o200 != 0)
      #expect(access("\(path)/empty", F_OK) == 0)
    }
    #expect(try store.verify().problems.isEmpty)
  }

  @Test func `a folder and a file inside it are both stored`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    try Self.makeSet(at: "\(lease.outputDirectory)/set")
    let files = [
      ProducedFile(name: "a", path: "\(lease.outputDirectory)/set/a.png", mediaType: "image/png"),
      Self.produced("\(lease.outputDirectory)/set"), Self.produced("\(lease.outputDirectory)/.", name: "all"),
    ]
    let stored = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, files: files))
    #expect(stored["a"]?.digest == SHA256Digest(of: "first").hex)
    #expect(stored["set"]?.digest == Self.digest.hex)
    #expect(try StoreFixture.read("\(try #require(stored["all"]).path)/set/sub/b.png") == "second")
    #expect(try store.verify().problems.isEmpty)
  }

  @Test(arguments: ["edited", "added", "cut", "linked", "gone"])
  func `a change inside a stored folder is found`(_ change: String) async throws {
    let store = try fixture.open()
    let path = try #require(try await publish(in: store).files["set"]).path
    chmod("\(path)/a.png", 0o644)
    switch change {
    case "edited": try StoreFixture.write("First", to: "\(path)/a.png")
    case "added": try StoreFixture.write("", to: "\(path)/sub/new")
    case "cut": try StoreFixture.write("f", to: "\(path)/a.png")
    case "linked":
      rename("\(path)/a.png", "\(fixture.folder)/a.png")
      symlink("\(fixture.folder)/a.png", "\(path)/a.png")
    default: try FileManager.default.removeItem(atPath: path)
    }
    let expected =
      switch change {
      case "cut": "'\(path)' has 7 bytes instead of 11"
      case "linked":
        "'\(path)/a.png' is a symbolic link, but a stored folder has only files; put a copy of the file there"
      case "gone": "'\(path)' is missing"
      default: "'\(path)' has another content (SHA-256 \(try SHA256Digest(ofFolder: path).hex))"
      }
    let problems = try store.verify().problems
    #expect(problems.map(\.description) == ["\(expected), needed as 'set' of attempt 1"])
    #expect(problems.map(\.kind) == [change == "gone" ? .missing : .altered])
    #expect(try store.verify(checksDigests: false).problems.count == (["edited", "added"].contains(change) ? 0 : 1))
    _ = try await publish(in: store, job: 1)
    #expect(try store.verify().problems.isEmpty, "publishing the same content again repairs it")
    #expect(try store.verify().unreferencedFiles.isEmpty)
  }

  @Test func `a damaged file is repaired when its content is published again`() async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let path = try #require(try await StoreFixture.succeed(0, run: run, in: store).files["image"]).path
    chmod(path, 0o644)
    try StoreFixture.write("imagE", to: path)
    try await StoreFixture.succeed(1, run: run, in: store)
    #expect(try StoreFixture.read(path) == "image")
  }

  @Test(arguments: ["link", "pipe", "empty"])
  func `a folder that cannot be stored is refused with the reason`(_ fault: String) async throws {
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    let path = "\(lease.outputDirectory)/set"
    mkdir(path, 0o755)
    let reason =
      switch fault {
      case "link":
        "'\(path)/a' is a symbolic link, but a stored folder has only files; put a copy of the file there"
      case "pipe": "'\(path)/a' is a special file, but a stored folder has only regular files; remove it"
      default: "'\(path)' is a folder without files; check what the task announces"
      }
    if fault == "link" { symlink("/etc/hostname", "\(path)/a") }
    if fault == "pipe" { mkfifo("\(path)/a", 0o644) }
    await #expect {
      try await store.finishAttempt(lease.id, with: Self.report(path))
    } throws: {
      "\($0)" == "artifact 'set' of attempt \(lease.id) cannot be stored: \(reason)"
        && ($0 as? StoreError)?.code == .artifact
    }
    _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .failed, message: reason))
  }

  /// Executes one job whose product is the folder `set`.
  private func publish(
    in store: ResultsStore, job: Int = 0
  ) async throws -> (lease: AttemptPlace, files: [String: ArtifactResult]) {
    let run = try StoreFixture.begin(in: store)
    let lease: AttemptPlace = try await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "t")
    let path = try Self.makeSet(at: "\(lease.outputDirectory)/set")
    return (lease, try await store.finishAttempt(lease.id, with: Self.report(path)))
  }

  private static func report(_ path: String) -> AttemptReport {
    AttemptReport(exitKind: .succeeded, files: [produced(path)])
  }

  private static func produced(_ path: String, name: String = "set") -> ProducedFile {
    ProducedFile(name: name, path: path, mediaType: "inode/directory")
  }

  @discardableResult
  private static func makeSet(at path: String) throws -> String {
    for folder in ["sub/deep", "empty/too"] {
      try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    for (name, content) in files { try StoreFixture.write(content, to: "\(path)/\(name)") }
    return path
  }
}
