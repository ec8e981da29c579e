/// The tensors of a state dictionary that PyTorch saved, in its present form (a zip archive) or that before version 1.6.
///
/// - Source: `torch/serialization.py` for both layouts.
struct TorchFile: Sendable {
  /// The tensors by name.
  let tensors: [String: TorchTensor]
  private let path: String
  private let bytes: [UInt8]
  private let storages: [String: Range<Int>]

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - path: What error messages call the file.
  ///   - bytes: The whole file.
  /// - Throws: `PerceptualNetworkError` with code `.malformed` or `.refused`.
  init(path: String, bytes: [UInt8]) throws(PerceptualNetworkError) {
    self.path = path
    self.bytes = bytes
    if bytes.starts(with: [0x50, 0x4B]) {
      (tensors, storages) = try TorchFile.readArchive(bytes, path)
    } else {
      (tensors, storages) = try TorchFile.readSequence(bytes, path)
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard let range = storages[tensor.storage.key] else {
        throw ByteReader(bytes, path: path).malformed("the numbers of '\(name)' are missing")
      }
      guard range.count / tensor.storage.element.size >= tensor.storage.count else {
        throw ByteReader(bytes, path: path).malformed("the numbers of '\(name)' are cut off")
      }
    }
  }

  /// Returns the elements of a tensor of floating-point numbers, in row-major order.
  func floats(_ name: String) throws(PerceptualNetworkError) -> [Float] {
    guard let tensor = tensors[name], let range = storages[tensor.storage.key] else {
      throw PerceptualNetworkError(.missingTensor, "\(path) has no tensor '\(name)'; use the published file")
    }
    let element = tensor.storage.element
    guard [.float, .double, .half, .bfloat].contains(element) else {
      throw PerceptualNetworkError(
        .unsupportedType, "tensor '\(name)' of \(path) has elements of \(element.rawValue); floating point is needed")
    }
    return bytes.withUnsafeBytes { all in
      let storage = UnsafeRawBufferPointer(rebasing: all[range])
      return tensor.places.map { TorchFile.number(storage, $0, element) }
    }
  }

  private static func number(_ storage: UnsafeRawBufferPointer, _ place: Int, _ element: TorchElement) -> Float {
    switch element {
    case .double:
      let word = storage.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)
      return Float(Double(bitPattern: UInt64(littleEndian: word)))
    case .half, .bfloat:
      let word = UInt16(littleEndian: storage.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self))
      return element == .half ? Float(Float16(bitPattern: word)) : Float(bitPattern: UInt32(word) << 16)
    default:
      let word = storage.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)
      return Float(bitPattern: UInt32(littleEndian: word))
    }
  }

  // MARK: The two layouts

  private typealias Content = (tensors: [String: TorchTensor], storages: [String: Range<Int>])

  private static func readArchive(_ bytes: [UInt8], _ path: String) throws(PerceptualNetworkError) -> Content {
    let members = try ZipDirectory(bytes, path: path).members
    let reader = ByteReader(bytes, path: path)
    guard let root = members.keys.first(where: { $0.hasSuffix("/data.pkl") }) else {
      throw reader.malformed("it is a zip archive without data.pkl, so not one of PyTorch")
    }
    let folder = root.dropLast("data.pkl".count)
    if members["\(folder)constants.pkl"] != nil {
      throw PerceptualNetworkError(
        .refused,
        "\(path) is a TorchScript program, and programs are not run; load it in PyTorch and save its state_dict()")
    }
    if let order = members["\(folder)byteorder"], !bytes[order].elementsEqual("little".utf8) {
      throw PerceptualNetworkError(.refused, "\(path) was saved on a big-endian machine; save it again on another one")
    }
    var storages: [String: Range<Int>] = [:]
    for (name, range) in members where name.hasPrefix("\(folder)data/") {
      storages[String(name.dropFirst(folder.count + 5))] = range
    }
    var pickle = ByteReader(Array(bytes[members[root] ?? 0..<0]), path: path)
    return (try stateDictionary(&pickle), storages)
  }

  /// The low 64 bits of the number that PyTorch's older files begin with.
  private static let magic: UInt64 = 0xA86A_20F9_469C_FC6C

  private static func readSequence(_ bytes: [UInt8], _ path: String) throws(PerceptualNetworkError) -> Content {
    var reader = ByteReader(bytes, path: path)
    let first = try PickleMachine.run(&reader, \.integerValue)
    let second = try PickleMachine.run(&reader, \.integerValue)
    guard let first, UInt64(bitPattern: Int64(first)) == magic, second == 1001 else {
      throw reader.malformed("it is a pickle, but not one that torch.save wrote")
    }
    try PickleMachine.run(&reader) { _ in }
    let tensors = try stateDictionary(&reader)
    let keys = try PickleMachine.run(&reader) { value -> [String?]? in
      guard case .list(let list) = value else { return nil }
      return list.elements.map(\.textValue)
    }
    guard let keys else { throw reader.malformed("its storages are not listed") }
    var sizes: [String: Int] = [:]
    for tensor in tensors.values { sizes[tensor.storage.key] = tensor.storage.element.size }
    var storages: [String: Range<Int>] = [:]
    for key in keys {
      guard let name = key else { throw reader.malformed("a storage has no name") }
      let count = try reader.size(8)
      guard let size = sizes[name] else {
        throw PerceptualNetworkError(.refused, "\(path) holds numbers of no tensor; save its state_dict() again")
      }
      let (length, overflows) = count.multipliedReportingOverflow(by: size)
      if overflows { throw reader.malformed("a storage has an impossible size") }
      let start = reader.position
      _ = try reader.slice(length)
      storages[name] = start..<start + length
    }
    return (tensors, storages)
  }

  private static func stateDictionary(
    _ reader: inout ByteReader
  ) throws(PerceptualNetworkError) -> [String: TorchTensor] {
    let path = reader.path
    let tensors = try PickleMachine.run(&reader) {
      (value: PickleValue) throws(PerceptualNetworkError) -> [String: TorchTensor] in
      guard case .dictionary(let dictionary) = value else {
        throw PerceptualNetworkError(
          .refused, "\(path) holds no state dictionary; load it in PyTorch and save its state_dict()")
      }
      var members = dictionary.members
      for (key, value) in members {
        if key.textValue == "state_dict", case .dictionary(let inner) = value { members = inner.members }
      }
      var tensors: [String: TorchTensor] = [:]
      for (key, value) in members {
        if let name = key.textValue, case .tensor(let tensor) = value { tensors[name] = tensor }
      }
      return tensors
    }
    guard !tensors.isEmpty else { throw reader.malformed("it holds no tensor") }
    return tensors
  }
}

extension TorchTensor {
  /// The place of each element in the storage, in row-major order.
  fileprivate var places: [Int] {
    if shape.contains(0) { return [] }
    var result = [offset]
    for (extent, stride) in zip(shape, strides) {
      var next: [Int] = []
      next.reserveCapacity(result.count * extent)
      for place in result {
        for index in 0..<extent { next.append(place + index * stride) }
      }
      result = next
    }
    return result
  }
}
