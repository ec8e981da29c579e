import COneDNN
import Files

extension SafeTensors {
  /// Writes a file; a reader sees either the old or the new contents.
  ///
  /// - Parameters:
  ///   - path: The file, replaced if it exists.
  ///   - tensors: What to write, in this order; names must differ.
  ///   - metadata: Free text, stored in the header.
  ///   - half: Whether floating-point numbers are rounded to F16, which halves the file.
  /// - Throws: `NeuralNetworkError` with code `.fileAccess`.
  public static func write(
    _ path: String, tensors: [NamedTensor], metadata: [String: String] = [:], half: Bool = false
  ) throws {
    let bytes = encode(tensors, metadata: metadata, half: half)
    do throws(FileError) { try WholeFile.replace(path, with: bytes) } catch { throw NeuralNetworkError(error) }
  }

  /// Returns the bytes of a file.
  ///
  /// - Parameters:
  ///   - tensors: What to write, in this order; names must differ.
  ///   - metadata: Free text, stored in the header.
  ///   - half: Whether floating-point numbers are rounded to F16.
  /// - Returns: The whole file.
  public static func encode(_ tensors: [NamedTensor], metadata: [String: String], half: Bool) -> [UInt8] {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors of one file share a name")
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var end = 0
    for tensor in tensors {
      let (type, size) = elementType(tensor, half)
      let start = end
      end += size * tensor.shape.reduce(1, *)
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while (header.count + 8) % 64 != 0 { header.append(UInt8(ascii: " ")) }
    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + end)
    append(UInt64(header.count), to: &file)
    file += header
    for tensor in tensors { append(tensor, half, to: &file) }
    return file
  }

  private static func elementType(_ tensor: NamedTensor, _ half: Bool) -> (String, Int) {
    switch tensor.storage {
    case .floats: half ? ("F16", 2) : ("F32", 4)
    case .integers: ("I64", 8)
    }
  }

  private static func append(_ tensor: NamedTensor, _ half: Bool, to file: inout [UInt8]) {
    switch tensor.storage {
    case .floats(let values) where half:
      var words = [UInt16](repeating: 0, count: values.count)
      nn_float_to_half(&words, values, Int64(values.count))
      for word in words { append(word, to: &file) }
    case .floats(let values):
      for value in values { append(value.bitPattern, to: &file) }
    case .integers(let values):
      for value in values { append(value, to: &file) }
    }
  }

  private static func append(_ value: some FixedWidthInteger, to file: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { file.append(contentsOf: $0) }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
