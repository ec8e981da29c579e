import Glibc

/// Finds the processes that belong to a torture: by a variable in their environment, or because they work in its folder.
struct ProcessCensus {
  /// The variable, as `NAME=value`.
  let mark: String
  /// The resolved folder.
  let folder: String

  /// Numbers and command lines of the living ones; zombies do not count.
  var living: [String] {
    guard let stream = opendir("/proc") else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let pid = Int32(name), pid != getpid(), belongs(pid) else { continue }
      let words = RunningOrchestrator.text(of: "/proc/\(pid)/cmdline").split(separator: "\0").joined(separator: " ")
      if !words.isEmpty { found.append("\(pid) \(words.prefix(80))") }
    }
    return found
  }

  /// Waits until nothing lives or the time is over; returns what lives then.
  func survivors(after seconds: Double) -> [String] {
    let deadline = RunningOrchestrator.now + seconds
    while true {
      let found = living
      if found.isEmpty || RunningOrchestrator.now > deadline { return found }
      usleep(10_000)
    }
  }

  private func belongs(_ pid: Int32) -> Bool {
    if let path = realpath("/proc/\(pid)/cwd", nil) {
      defer { free(path) }
      let place = String(cString: path)
      if place == folder || place.hasPrefix("\(folder)/") { return true }
    }
    return RunningOrchestrator.text(of: "/proc/\(pid)/environ").split(separator: "\0").contains { $0 == mark }
  }
}
