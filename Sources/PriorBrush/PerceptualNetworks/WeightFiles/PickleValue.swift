/// What the pickles of state dictionaries are made of; nothing else can be represented.
indirect enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  /// With the number of tuples that lie in each other, which is limited.
  case tuple([PickleValue], depth: Int)
  case list(PickleList)
  case dictionary(PickleDictionary)
  /// A name that the machine knows how to apply, never code.
  case global(PickleGlobal)
  case storage(TorchStorage)
  case tensor(TorchTensor)
  case mark

  var integerValue: Int? {
    if case .integer(let value) = self { return value }
    return nil
  }

  var textValue: String? {
    if case .text(let value) = self { return value }
    return nil
  }

  var tupleValue: [PickleValue]? {
    if case .tuple(let value, _) = self { return value }
    return nil
  }
}

/// A list that several places of a pickle may refer to.
final class PickleList {
  var elements: [PickleValue] = []
}

/// A dictionary that several places of a pickle may refer to.
final class PickleDictionary {
  var members: [(key: PickleValue, value: PickleValue)] = []
}

/// The only names that a state dictionary may use.
enum PickleGlobal: Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(TorchElement)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", _):
      guard let element = TorchElement(storage: name) else { return nil }
      self = .storage(element)
    default: return nil
    }
  }
}

/// The type of the elements of a storage.
enum TorchElement: String, Hashable, Sendable {
  case float = "FloatStorage"
  case double = "DoubleStorage"
  case half = "HalfStorage"
  case bfloat = "BFloat16Storage"
  case long = "LongStorage"
  case int = "IntStorage"
  case short = "ShortStorage"
  case char = "CharStorage"
  case byte = "ByteStorage"
  case bool = "BoolStorage"

  init?(storage: String) { self.init(rawValue: storage) }

  /// The bytes of an element.
  var size: Int {
    switch self {
    case .double, .long: 8
    case .float, .int: 4
    case .half, .bfloat, .short: 2
    case .char, .byte, .bool: 1
    }
  }
}

/// A run of elements in a file, by the name that the pickle gives it.
struct TorchStorage: Hashable, Sendable {
  var element: TorchElement
  var key: String
  var count: Int
}

/// A view of a storage.
struct TorchTensor: Hashable, Sendable {
  var storage: TorchStorage
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}
