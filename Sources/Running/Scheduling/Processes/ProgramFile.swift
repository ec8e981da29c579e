import Glibc

/// A program that the system refused to start, looked at for the reason that its error number hides.
struct ProgramFile {
  /// As the command names it; without a slash it is looked for in the search path.
  let name: String
  /// Where it was to start; relative names begin here.
  let directory: String
  /// The variable `PATH` of the process.
  let searchPath: String?

  /// What is wrong with the interpreter that the file names, as a clause; `nil` if that is not the reason.
  ///
  /// The system says "no such file" of a script that is there when its interpreter is not.
  var interpreterFlaw: String? {
    guard let path = place else { return nil }
    return Self.interpreterFlaw(ofFile: path, directory: directory, depth: 0)
  }

  /// Where it is; `nil` if a name without a slash is nowhere in the search path.
  var place: String? {
    if name.contains("/") { return ProgramLocation.absolute(name, relativeTo: directory) }
    return (searchPath ?? "/bin:/usr/bin").split(separator: ":").lazy
      .map { ProgramLocation.absolute("\($0)/\(name)", relativeTo: directory) }.first { access($0, X_OK) == 0 }
  }

  /// The interpreter of a script may be one too; the system follows four.
  private static func interpreterFlaw(ofFile path: String, directory: String, depth: Int) -> String? {
    guard depth < 4, access(path, X_OK) == 0, let beginning = beginning(of: path) else { return nil }
    if beginning.starts(with: [0x7F] + Array("ELF".utf8)) {
      return depth > 0
        ? nil : "its interpreter, the loader that it was linked for, is missing; build it for this system"
    }
    guard beginning.starts(with: "#!".utf8) else { return nil }
    let line = beginning.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
    let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let word = words.first else { return "its first line names no interpreter; write one behind '#!'" }
    if word.last == UInt8(ascii: "\r") {
      let interpreter = String(decoding: word.dropLast(), as: UTF8.self)
      return
        "behind its interpreter '\(interpreter)' stands a carriage return; save the file with line ends LF, not CR LF"
    }
    let interpreter = String(decoding: word, as: UTF8.self)
    let target = ProgramLocation.absolute(interpreter, relativeTo: directory)
    if access(target, F_OK) != 0 { return "its interpreter '\(interpreter)' does not exist; correct its first line" }
    if access(target, X_OK) != 0 {
      return "its interpreter '\(interpreter)' may not be executed; correct its first line"
    }
    return interpreterFlaw(ofFile: target, directory: directory, depth: depth + 1)
  }

  /// The first bytes of a regular file, as many as the system looks at.
  private static func beginning(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes[..<count]) : nil
  }
}
