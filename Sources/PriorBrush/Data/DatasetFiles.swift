import Foundation
import PNGImage

/// Files and folders of data sets, with errors that name the thing and the cure.
enum DatasetFiles {
  static func read(_ path: String) throws(DatasetError) -> [UInt8] {
    do throws(PNGError) {
      return try FileBytes.read(path)
    } catch {
      throw DatasetError(error.code == .missing ? .missing : .notAccessible, path: path, message: error.message)
    }
  }

  static func write(_ text: String, to path: String) throws(DatasetError) {
    do throws(PNGError) {
      try FileBytes.writeAtomically(Array(text.utf8), to: path)
    } catch {
      throw DatasetError(.notAccessible, path: path, message: error.message)
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

/// JSON in and out.
enum JSONText {
  /// Decodes a whole file.
  static func object<Value: Decodable>(_ type: Value.Type, file path: String) throws(DatasetError) -> Value {
    let bytes = try DatasetFiles.read(path)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw DatasetError(
        .malformedJSON, path: path, message: "\(path) cannot be understood: \(reason(error)); correct or rebuild it")
    }
  }

  /// Decodes one line of a file of JSON lines.
  static func line<Value: Decodable>(
    _ type: Value.Type, bytes: some Sequence<UInt8>, path: String, line: Int
  ) throws(DatasetError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw DatasetError(
        .malformedJSON, path: path, line: line,
        message: "\(path):\(line): \(reason(error)); "
          + "a line is an object like {\"file\": \"cat.png\", \"caption\": \"a cat\"}")
    }
  }

  /// Returns a text as a JSON string, non-ASCII characters as they are.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\0"..<" ": result += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _):
      "the member '\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "the member '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
    default:
      "this is not valid JSON"
    }
  }
}
