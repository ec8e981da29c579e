import Files
import Foundation

/// Files and folders of data sets, with errors that name the thing and the cure.
enum DatasetFiles {
  /// The most bytes of a file of a data set: fonts, archives and captions of published sets have far less.
  private static let greatestSize = 1 << 30

  static func read(_ path: String) throws(DatasetError) -> [UInt8] {
    do throws(FileError) {
      return try WholeFile.read(path, limit: greatestSize)
    } catch {
      throw DatasetError(error.isMissing ? .missing : .notAccessible, path: path, message: error.description)
    }
  }

  static func write(_ text: String, to path: String) throws(DatasetError) {
    do throws(FileError) {
      try WholeFile.replace(path, with: Array(text.utf8))
    } catch {
      throw DatasetError(.notAccessible, path: path, message: error.description)
    }
  }

  static func makeFolder(_ path: String) throws(DatasetError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw DatasetError(
        .notAccessible, path: path,
        message: "cannot create the folder \(path); check that its parent exists and that you may write there")
    }
  }

  /// Returns the names in a folder, sorted, or none if there is no such folder.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
