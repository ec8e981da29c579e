import Glibc
import JSON

/// Reads whole files without Foundation.
enum SpecFile {
  /// Returns the bytes of a file, or the reason why it cannot be read.
  static func bytes(of path: String) -> Result<[UInt8], SpecFileError> {
    guard let file = fopen(path, "rb") else { return .failure(SpecFileError(reason: reason())) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      bytes += buffer[..<count]
      if count < buffer.count { break }
    }
    return ferror(file) == 0 ? .success(bytes) : .failure(SpecFileError(reason: reason()))
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// Why a file could not be read.
struct SpecFileError: Error {
  var reason: String
}
