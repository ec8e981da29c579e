import Files
import Glibc

/// Files of a report in folders that are made when they are needed.
enum OutputFile {
  /// Replaces a file; its folders are made if they are missing.
  static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
    try makeFolder(folder(of: path))
    do throws(FileError) { try WholeFile.replace(path, with: bytes) } catch { throw failure(path, error.reason) }
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws(ReportError) {
    guard !path.isEmpty, path != "/", access(path, F_OK) != 0 else { return }
    try makeFolder(folder(of: path))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure(path, String(cString: strerror(errno))) }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ path: String, _ reason: String) -> ReportError {
    ReportError(.notWritable, "cannot write \(path): \(reason); choose another folder with --output")
  }
}
