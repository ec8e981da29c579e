/// Reads the pickles of state dictionaries; any name that is not a tensor's, and any other trick, is refused.
///
/// A general pickle can run programs. This one knows dictionaries, texts, numbers and tensors, and has no way to do more.
///
/// - Source: Python's `pickletools.py` for the meaning of the opcodes.
struct PickleMachine {
  private var reader: ByteReader
  private var stack: [PickleValue] = []
  private var memo: [Int: PickleValue] = [:]

  /// Lists and dictionaries, which may refer to each other in any depth and in circles, so they are emptied one by one.
  private var lists: [PickleList] = []
  private var dictionaries: [PickleDictionary] = []

  /// Reads one pickle.
  ///
  /// - Parameters:
  ///   - reader: Stands at the pickle; afterwards behind it.
  ///   - extract: Takes what is wanted from the value, which is destroyed afterwards.
  /// - Returns: What `extract` returns.
  /// - Throws: `PerceptualNetworkError` with code `.malformed` or `.refused`.
  static func run<Result>(
    _ reader: inout ByteReader, _ extract: (PickleValue) throws(PerceptualNetworkError) -> Result
  ) throws(PerceptualNetworkError) -> Result {
    var machine = PickleMachine(reader: reader)
    defer {
      for list in machine.lists { list.elements = [] }
      for dictionary in machine.dictionaries { dictionary.members = [] }
    }
    let result = try extract(try machine.run())
    reader = machine.reader
    return result
  }

  private init(reader: ByteReader) { self.reader = reader }

  private mutating func run() throws(PerceptualNetworkError) -> PickleValue {
    while true {
      let code = try reader.byte()
      if code == UInt8(ascii: ".") { return try pop() }
      if try !pushConstant(code), try !combine(code), try !remember(code) {
        throw refused("its pickle uses the operation 0x\(String(code, radix: 16))")
      }
    }
  }

  // MARK: Operations that push a value

  private mutating func pushConstant(_ code: UInt8) throws(PerceptualNetworkError) -> Bool {
    switch code {
    case 0x80: _ = try reader.byte()
    case 0x95: _ = try reader.number(8)
    case UInt8(ascii: "("): stack.append(.mark)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "]"): pushList()
    case UInt8(ascii: ")"): try pushTuple([])
    case UInt8(ascii: "K"): stack.append(.integer(try reader.size(1)))
    case UInt8(ascii: "M"): stack.append(.integer(try reader.size(2)))
    case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try reader.number(4)))))
    case 0x8A: stack.append(.integer(try longInteger()))
    case UInt8(ascii: "G"): stack.append(.real(Double(bitPattern: try reader.number(8).byteSwapped)))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(.text(try reader.text(reader.size(4))))
    case 0x8C, UInt8(ascii: "U"): stack.append(.text(try reader.text(reader.size(1))))
    case 0x8D: stack.append(.text(try reader.text(reader.size(8))))
    case UInt8(ascii: "c"): try pushGlobal(module: reader.line(), name: reader.line())
    default: return false
    }
    return true
  }

  /// Longer numbers only mark the kind of a file; their low 64 bits tell it.
  private mutating func longInteger() throws(PerceptualNetworkError) -> Int {
    let count = try reader.size(1)
    let bytes = Array(try reader.slice(count))
    var value: UInt64 = bytes.last.map { $0 >= 0x80 ? .max : 0 } ?? 0
    for (index, byte) in bytes.prefix(8).enumerated() {
      value = value & ~(0xFF << UInt64(8 * index)) | UInt64(byte) << UInt64(8 * index)
    }
    return Int(truncatingIfNeeded: value)
  }

  private mutating func pushGlobal(module: String, name: String) throws(PerceptualNetworkError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw refused("its pickle asks for '\(module).\(name)'")
    }
    stack.append(.global(global))
  }

  private mutating func pushList() {
    let list = PickleList()
    lists.append(list)
    stack.append(.list(list))
  }

  private mutating func pushDictionary() {
    let dictionary = PickleDictionary()
    dictionaries.append(dictionary)
    stack.append(.dictionary(dictionary))
  }

  /// Pushes an ordered dictionary, empty or from a list of pairs as Python 2 wrote them.
  private mutating func pushDictionary(pairs arguments: [PickleValue]) throws(PerceptualNetworkError) {
    var members: [(key: PickleValue, value: PickleValue)] = []
    if let first = arguments.first {
      guard arguments.count == 1, case .list(let list) = first else { throw unexpected() }
      for element in list.elements {
        var pair = element.tupleValue ?? []
        if case .list(let inner) = element { pair = inner.elements }
        guard pair.count == 2 else { throw unexpected() }
        members.append((pair[0], pair[1]))
      }
    }
    pushDictionary()
    dictionaries.last?.members = members
  }

  private mutating func pushTuple(_ values: [PickleValue]) throws(PerceptualNetworkError) {
    var depth = 1
    for case .tuple(_, let inner) in values { depth = max(depth, inner + 1) }
    guard depth <= 16 else { throw refused("its pickle nests tuples too deeply") }
    stack.append(.tuple(values, depth: depth))
  }

  // MARK: Operations that combine values

  private mutating func combine(_ code: UInt8) throws(PerceptualNetworkError) -> Bool {
    switch code {
    case UInt8(ascii: "t"): try pushTuple(popToMark())
    case 0x85: try pushTuple(popSeveral(1))
    case 0x86: try pushTuple(popSeveral(2))
    case 0x87: try pushTuple(popSeveral(3))
    case UInt8(ascii: "a"): try append(popSeveral(1))
    case UInt8(ascii: "e"): try append(popToMark())
    case UInt8(ascii: "s"): try set(popSeveral(2))
    case UInt8(ascii: "u"): try set(popToMark())
    case UInt8(ascii: "0"): _ = try pop()
    case 0x93:
      let names = try popSeveral(2)
      guard let module = names[0].textValue, let name = names[1].textValue else { throw unexpected() }
      try pushGlobal(module: module, name: name)
    case UInt8(ascii: "Q"): stack.append(.storage(try storage(pop())))
    case UInt8(ascii: "R"):
      let call = try popSeveral(2)
      try apply(call[0], to: call[1])
    case UInt8(ascii: "b"):
      // The only state that a state dictionary carries is the versions of its layers.
      _ = try pop()
      guard case .dictionary = try top() else { throw unexpected() }
    default: return false
    }
    return true
  }

  // These two are mutating so that the stack is looked at after the values were taken from it, not before.

  private mutating func append(_ values: [PickleValue]) throws(PerceptualNetworkError) {
    guard case .list(let list) = try top() else { throw unexpected() }
    list.elements += values
  }

  private mutating func set(_ pairs: [PickleValue]) throws(PerceptualNetworkError) {
    guard case .dictionary(let dictionary) = try top(), pairs.count % 2 == 0 else { throw unexpected() }
    for index in stride(from: 0, to: pairs.count, by: 2) {
      dictionary.members.append((pairs[index], pairs[index + 1]))
    }
  }

  private func storage(_ value: PickleValue) throws(PerceptualNetworkError) -> TorchStorage {
    guard let parts = value.tupleValue, parts.count >= 5, parts[0].textValue == "storage",
      case .global(.storage(let element)) = parts[1], let key = parts[2].textValue, let count = parts[4].integerValue,
      count >= 0
    else { throw unexpected() }
    if parts.count > 5, case .tuple = parts[5] { throw refused("it shares parts of storages as PyTorch 0.1 did") }
    return TorchStorage(element: element, key: key, count: count)
  }

  private mutating func apply(_ function: PickleValue, to arguments: PickleValue) throws(PerceptualNetworkError) {
    guard case .global(let global) = function, let arguments = arguments.tupleValue else { throw unexpected() }
    switch global {
    case .orderedDictionary:
      try pushDictionary(pairs: arguments)
    case .rebuildParameter:
      guard case .tensor = arguments.first else { throw unexpected() }
      stack.append(arguments[0])
    case .rebuildTensor:
      guard arguments.count >= 4, case .storage(let storage) = arguments[0], let offset = arguments[1].integerValue,
        let shape = arguments[2].tupleValue, let strides = arguments[3].tupleValue, shape.count == strides.count
      else { throw unexpected() }
      let tensor = TorchTensor(
        storage: storage, offset: offset, shape: shape.compactMap(\.integerValue),
        strides: strides.compactMap(\.integerValue))
      guard tensor.shape.count == shape.count, tensor.strides.count == strides.count, tensor.liesInStorage else {
        throw unexpected()
      }
      stack.append(.tensor(tensor))
    case .storage: throw unexpected()
    }
  }

  // MARK: Memory

  private mutating func remember(_ code: UInt8) throws(PerceptualNetworkError) -> Bool {
    switch code {
    case UInt8(ascii: "q"): memo[try reader.size(1)] = try top()
    case UInt8(ascii: "r"): memo[try reader.size(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try recall(reader.size(1)))
    case UInt8(ascii: "j"): stack.append(try recall(reader.size(4)))
    default: return false
    }
    return true
  }

  private func recall(_ place: Int) throws(PerceptualNetworkError) -> PickleValue {
    guard let value = memo[place] else { throw unexpected() }
    return value
  }

  private func top() throws(PerceptualNetworkError) -> PickleValue {
    guard let value = stack.last else { throw unexpected() }
    return value
  }

  private mutating func pop() throws(PerceptualNetworkError) -> PickleValue {
    guard let value = stack.popLast() else { throw unexpected() }
    return value
  }

  private mutating func popSeveral(_ count: Int) throws(PerceptualNetworkError) -> [PickleValue] {
    guard stack.count >= count else { throw unexpected() }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func popToMark() throws(PerceptualNetworkError) -> [PickleValue] {
    let place = stack.lastIndex { value in
      if case .mark = value { return true }
      return false
    }
    guard let place else { throw unexpected() }
    let values = Array(stack[(place + 1)...])
    stack.removeSubrange(place...)
    return values
  }

  private func unexpected() -> PerceptualNetworkError {
    reader.malformed("its pickle does not fit together before byte \(reader.position)")
  }

  private func refused(_ reason: String) -> PerceptualNetworkError {
    PerceptualNetworkError(
      .refused,
      "\(reader.path) is refused: \(reason), and only plain tensors are read; load it in PyTorch and save its "
        + "state_dict() as safetensors")
  }
}

extension TorchTensor {
  /// Whether every element lies within the storage.
  fileprivate var liesInStorage: Bool {
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else { return false }
    if shape.contains(0) { return true }
    var (last, elements) = (offset, 1)
    for (extent, stride) in zip(shape, strides) {
      let (reach, overflows) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowsToo) = last.addingReportingOverflow(reach)
      let (product, overflowsAsWell) = elements.multipliedReportingOverflow(by: extent)
      if overflows || overflowsToo || overflowsAsWell { return false }
      (last, elements) = (sum, product)
    }
    // A view may not be larger than what it looks at, or a small file could ask for all memory.
    return last < storage.count && elements <= storage.count
  }
}
