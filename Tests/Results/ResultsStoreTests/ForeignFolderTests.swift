import AttemptModel
import Foundation
import Glibc
import ResultsStore
import Testing

@Suite struct ForeignFolderTests {
  @Test func `a content that is not what its digest says is not adopted, whatever its size`() async throws {
    let foreign = try await ForeignFixture()
    let path = try foreign.artifact(0)
    chmod(path, 0o644)
    try StoreFixture.write("CONTENT 0", to: path)
    let error = try foreign.expectRefusal()
    #expect(error?.code == .artifact && error?.message.contains("nothing was merged") == true)
  }

  @Test(arguments: ["file", "shelf", "artifacts"])
  func `links are not followed to contents`(place: String) async throws {
    let foreign = try await ForeignFixture()
    let path = try foreign.artifact(0)
    let linked =
      switch place {
      case "file": path
      case "shelf": (path as NSString).deletingLastPathComponent
      default: "\(foreign.source.folder)/artifacts"
      }
    rename(linked, "\(foreign.source.folder)/elsewhere")
    symlink("\(foreign.source.folder)/elsewhere", linked)
    #expect(try foreign.expectRefusal()?.code == .artifact)
  }

  @Test
  func `links, pipes and folders in place of logs are left alone`() async throws {
    let foreign = try await ForeignFixture()
    let secret = try StoreFixture.write("secret\n", to: "\(foreign.source.folder)/secret")
    for attempt in 1...3 { unlink("\(foreign.source.folder)/attempts/\(attempt)/stdout.log") }
    symlink(secret, "\(foreign.source.folder)/attempts/1/stdout.log")
    mkfifo("\(foreign.source.folder)/attempts/2/stdout.log", 0o644)
    mkdir("\(foreign.source.folder)/attempts/3/stdout.log", 0o755)
    let store = try foreign.target.open()
    #expect(try store.merge(foreign.source.folder).addedAttempts == 4)
    let logs = (1...4).filter { access("\(foreign.target.folder)/attempts/\($0)/stdout.log", F_OK) == 0 }
    #expect(logs == [4])
    #expect(try StoreFixture.read("\(foreign.target.folder)/attempts/4/stdout.log") == "log of 3\n")
  }

  @Test(arguments: ["link", "pipe", "folder"])
  func `a database that is no file is refused`(kind: String) async throws {
    let foreign = try await ForeignFixture()
    let path = foreign.source.path
    rename(path, path + ".real")
    switch kind {
    case "link": symlink(path + ".real", path)
    case "pipe": mkfifo(path, 0o644)
    default: mkdir(path, 0o755)
    }
    #expect(try foreign.expectRefusal()?.code == .notADatabase)
  }

  @Test func `a log of holes stays one`() async throws {
    let foreign = try await ForeignFixture()
    let log = "\(foreign.source.folder)/attempts/1/stdout.log"
    #expect(truncate(log, 3 << 30) == 0)
    let file = try #require(fopen(log, "r+"))
    fseek(file, 1 << 30, SEEK_SET)
    fputs("middle", file)
    fclose(file)
    try foreign.target.open().merge(foreign.source.folder)
    let copy = "\(foreign.target.folder)/attempts/1/stdout.log"
    var status = stat()
    #expect(stat(copy, &status) == 0 && status.st_size == 3 << 30 && status.st_blocks < 4_096)
    let bytes = try FileHandle(forReadingFrom: URL(fileURLWithPath: copy))
    #expect(try bytes.read(upToCount: 9) == Data("log of 0\n".utf8))
    try bytes.seek(toOffset: 1 << 30)
    #expect(try bytes.read(upToCount: 6) == Data("middle".utf8))
  }

  @Test func `nothing beside the database of a bundle changes what is merged`() async throws {
    let foreign = try await ForeignFixture()
    let bundle = "\(foreign.source.folder)/bundle"
    try foreign.source.open().exportBundle(to: bundle)
    let database = "\(bundle)/results.sqlite"
    for companion in ["-shm", "-wal", ".lock"] { try StoreFixture.write("", to: database + companion) }
    #expect(try foreign.target.open().merge(bundle).addedRuns.count == 1)
    for companion in ["-wal", "-journal"] {
      try StoreFixture.write("anything", to: database + companion)
      #expect(try foreign.expectRefusal(of: bundle)?.code == .corrupt, "\(companion)")
      unlink(database + companion)
    }
  }

  @Test(arguments: ["link to itself", "pipe", "link to a file", "manifest"])
  func `a bundle with anything but files and folders is refused`(kind: String) async throws {
    let foreign = try await ForeignFixture()
    let bundle = "\(foreign.source.folder)/bundle"
    try foreign.source.open().exportBundle(to: bundle)
    switch kind {
    case "link to itself": symlink(".", "\(bundle)/attempts/loop")
    case "pipe": mkfifo("\(bundle)/artifacts/pipe", 0o644)
    case "link to a file":
      rename("\(bundle)/results.sqlite", "\(foreign.source.folder)/real")
      symlink("\(foreign.source.folder)/real", "\(bundle)/results.sqlite")
    default:
      unlink("\(bundle)/bundle.json")
      mkfifo("\(bundle)/bundle.json", 0o644)
    }
    #expect(try foreign.expectRefusal(of: bundle)?.code == .corrupt)
  }

  @Test func `a bundle is made of a folder whose artifacts lie behind a link`() async throws {
    let foreign = try await ForeignFixture()
    let folder = foreign.source.folder
    rename("\(folder)/artifacts", "\(folder)/disk")
    symlink("\(folder)/disk", "\(folder)/artifacts")
    let bundle = "\(folder)/bundle"
    #expect(try foreign.source.open(.readOnly).exportBundle(to: bundle).addedFiles == 4)
    #expect(try foreign.target.open().merge(bundle).addedFiles == 4)
  }

  @Test func `many outputs are stored whether or not one holds another`() async throws {
    let fixture = StoreFixture()
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
    var files: [ProducedFile] = []
    for index in 0..<200 {
      let path = try StoreFixture.write("file \(index)", to: "\(lease.outputDirectory)/f\(index % 10)/\(index)")
      files.append(ProducedFile(name: "f\(index)", path: path, mediaType: "text/plain"))
    }
    files.append(ProducedFile(name: "all", path: "\(lease.outputDirectory)/f3", mediaType: "inode/directory"))
    let stored = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded, files: files))
    #expect(stored.count == 201)
    #expect(try store.verify().problems.isEmpty && store.verify().checkedFiles == 201)
  }
}
