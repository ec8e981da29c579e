import Glibc

/// Whole files as bytes, read and written without Foundation.
package enum FileBytes {
  /// Returns the content of a file.
  package static func read(_ path: String) throws(PNGError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw failure(path, errno, doing: "read")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw failure(path, errno, doing: "read")
    }
    let expected = max(Int(status.st_size), 0)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected + 1)
    var chunk = [UInt8](repeating: 0, count: min(max(expected, 4096), 1 << 20))
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw failure(path, code, doing: "read")
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Replaces a file at once: readers see the old content or the new one, never a part.
  package static func writeAtomically(_ bytes: [UInt8], to path: String) throws(PNGError) {
    let temporary = path + ".\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw failure(path, errno, doing: "write")
    }
    var code: Int32 = 0
    var written = 0
    while written < bytes.count, code == 0 {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        code = errno
      }
    }
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw failure(path, code, doing: "write")
    }
  }

  private static func failure(_ path: String, _ code: Int32, doing verb: String) -> PNGError {
    let reason = String(cString: strerror(code))
    if code == ENOENT, verb == "read" {
      return PNGError(.missing, path: path, message: "there is no file \(path); check the path")
    }
    return PNGError(
      .notAccessible, path: path,
      message: "cannot \(verb) \(path): \(reason); check that the folder exists and that you may \(verb) it")
  }
}
