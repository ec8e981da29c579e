import Digest
import InputTracing
import Testing

/// What counts as read depends on what happened first.
@Suite struct `The use of a file` {
  private let old = FileStamp(inode: 1, size: 1, modified: 1, changed: 1)
  private let new = FileStamp(inode: 1, size: 2, modified: 2, changed: 2)

  @Test func `what is read before it is written counts, with the version that was read`() {
    var use = FileUse()
    use.noteRead(old)
    use.noteWrite()
    use.noteRead(new)
    #expect(use.isWritten && !use.isMade && use.read.isOnly(old))
  }

  @Test func `what is written before it is read is its own`() {
    var use = FileUse()
    use.noteLook(old, byAge: true)
    use.noteWrite()
    use.noteRead(new)
    #expect(use.isMade && use.read.isEmpty)
  }

  @Test func `what is only added to is no input, until it is read`() {
    var use = FileUse()
    use.noteExtension(old)
    #expect(use.isWritten && use.read.isEmpty)
    use.noteRead(new)
    #expect(use.read.isOnly(old))
  }

  @Test func `of what is opened for reading and writing the first version counts`() {
    var use = FileUse()
    use.noteUpdate(old)
    use.noteUpdate(new)
    use.noteRead(new)
    #expect(use.mayBeWritten && !use.isWritten && use.read.isOnly(old))
  }

  @Test func `what is moved counts when it is read by its new name`() {
    var use = FileUse()
    let isFound = use.noteMove(to: "/b")
    #expect(isFound && use.read.isEmpty && use.newPath == "/b")
    use.noteReadAfterMove(old)
    #expect(use.read.isOnly(old))
    var made = FileUse()
    made.noteWrite()
    let isStranger = made.noteMove(to: "/c")
    #expect(!isStranger)
  }

  @Test(arguments: [
    ("1.0", "1.0", true), ("1.0", "1.0 aa", true), ("1.0 aa", "1.0 aa", true), ("1.0 aa", "1.0 bb", false),
    ("1.0", "1.1 aa", false), ("1.0 aa", "1.0", false),
  ])
  func `a record of a version only is compared by version`(earlier: String, now: String, isSame: Bool) {
    #expect(PythonDistributions.isSame(earlier, now) == isSame)
  }

  @Test func `what sources take out now does not count, and what they took out then is told`() {
    let now = WatchedNow([WatchedInput(.excluded, "!data/*.db", ""), WatchedInput(.file, "a", "1")])
    #expect(now.isExcluded(WatchedInput(.file, "data/x.db", "1")) && !now.isExcluded(WatchedInput(.file, "x.db", "1")))
    #expect(now.files == [WatchedInput(.file, "a", "1")])
    #expect(now.change(since: WatchedInput(.excluded, "!data/*.db", "")) == nil)
    #expect(now.change(since: WatchedInput(.excluded, "!other", "")) == "sources, which left out !other")
  }
}
