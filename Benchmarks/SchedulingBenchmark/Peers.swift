import Glibc

/// Other programs that run commands.
enum Peer {
  static func isInstalled(_ program: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// Runs a program to its end, its output dropped.
  static func run(_ arguments: [String], in folder: String) {
    let line = "cd '\(folder)' && " + arguments.map { "'\($0)'" }.joined(separator: " ") + " >/dev/null"
    let status = system(line)
    if status != 0 { say("\(arguments[0]) ended with status \(status)") }
  }
}

/// The least that starting processes can cost: spawn, wait, nothing else.
enum SpawnLoop {
  static func run(_ program: String, count: Int, width: Int) {
    var running = 0
    var started = 0
    var status: Int32 = 0
    while started < count || running > 0 {
      while running < width, started < count {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), nil]
        let error = posix_spawn(&pid, program, nil, nil, &arguments, environ)
        free(arguments[0])
        precondition(error == 0, "cannot start \(program)")
        running += 1
        started += 1
      }
      if wait(&status) > 0 { running -= 1 }
    }
  }
}
