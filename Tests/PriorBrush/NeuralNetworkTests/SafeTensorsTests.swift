import NeuralNetwork
import Testing
import TestSupport

@Suite struct SafeTensorsTests {
  private static func example(half: Bool = false) -> [UInt8] {
    SafeTensors.encode(
      [
        NamedTensor("a.weight", shape: [2, 3], values: [1, -2, 0.5, 3, 65504, -0.25]),
        NamedTensor("empty", shape: [0, 4], values: []), NamedTensor("ids", shape: [2], integers: [-7, 1 << 40]),
        NamedTensor("scalar \"ü\"\n", shape: [], values: [4]),
      ], metadata: ["step": "12", "note": "a \\ \"quote\" and a tab\t"], half: half)
  }

  @Test(arguments: [false, true]) func `what is written is read back`(half: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("weights.safetensors")
    let tensors = [NamedTensor("x", shape: [3], values: [1, 2, -0.125]), NamedTensor("n", shape: [1], integers: [5])]
    try SafeTensors.write(path, tensors: tensors, metadata: ["a": "b"], half: half)
    try SafeTensors.write(path, tensors: tensors, metadata: ["a": "c"], half: half)
    let file = try SafeTensors.read(path)
    #expect(try file.floats("x") == [1, 2, -0.125])
    #expect(try file.integers("n") == [5])
    #expect(file.metadata == ["a": "c"])
    #expect(file.entries["x"]?.type == (half ? "F16" : "F32"))
    #expect(folder.files == ["weights.safetensors"])

    let other = try SafeTensors(path: "memory", bytes: SafeTensorsTests.example(half: half))
    #expect(try other.floats("a.weight") == [1, -2, 0.5, 3, 65504, -0.25])
    #expect(try other.floats("empty").isEmpty)
    #expect(try other.integers("ids") == [-7, 1 << 40])
    #expect(try other.floats("scalar \"ü\"\n") == [4])
    #expect(other.metadata["note"] == "a \\ \"quote\" and a tab\t")
  }

  @Test func `every half survives the way to single precision and back`() throws {
    let halves = (0..<65536).map { UInt16($0) }
    let bytes = halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let header = #"{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    let values = try SafeTensors(path: "memory", bytes: SafeTensorsTests.file(header, bytes)).floats("h")
    let again = SafeTensors.encode([NamedTensor("h", shape: [65536], values: values)], metadata: [:], half: true)
    #expect(Array(again.suffix(131072).prefix(2 * 0x7c01)) == Array(bytes.prefix(2 * 0x7c01)))
    #expect(values[0x3c00] == 1 && values[0x7c00] == .infinity && values[0x7e00].isNaN && values[1] == 0x1p-24)
    #expect(values[0xc000] == -2 && values[0x3ff] == 1023 * 0x1p-24 && values[0x7bff] == 65504)
  }

  static let rounding: [(Float, Float)] = [
    (0x1.002p0, 1), (0x1.006p0, 0x1.008p0), (0x1.003p0, 0x1.004p0), (65519, 65504), (65520, .infinity),
    (-70000, -.infinity), (1e-9, 0), (0x1p-25, 0), (0x1.8p-24, 0x1p-23),
  ]

  @Test(arguments: rounding) func `halves are rounded to nearest even`(value: Float, expected: Float) throws {
    let bytes = SafeTensors.encode([NamedTensor("h", shape: [1], values: [value])], metadata: [:], half: true)
    #expect(try SafeTensors(path: "memory", bytes: bytes).floats("h") == [expected])
  }

  @Test func `bfloat is read`() throws {
    let header = #"{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}"#
    let bytes = SafeTensorsTests.file(header, [0x80, 0x3f, 0x20, 0xc1])
    #expect(try SafeTensors(path: "memory", bytes: bytes).floats("b") == [1, -10])
  }

  // MARK: Malformed files

  static let malformed: [(String, [UInt8], String)] = [
    ("{}", [1], "belong to no tensor"), ("", [], "'{'"), ("[]", [], "'{'"), ("{\"a\":1}", [], "'{'"),
    ("{} x", [], "the end of the header"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0], "ends before tensor 'a'"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "needs 8"),
    (#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "unknown type 'F99'"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [0, 0, 0, 0], "ordered data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, [], "lacks dtype"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "a whole number"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "too large"),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#, [0, 0, 0, 0],
      "impossible shape"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      [0, 0, 0, 0], "overlap"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, [0, 0, 0, 0, 0, 0, 0, 0], "gap"),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      [0], "repeats tensor 'a'"
    ),
    (#"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [0], "repeated member 'dtype'"),
    (#"{"__metadata__":{"a":1}}"#, [], "needs '\"'"), (#"{"a\ud800":{}}"#, [], "surrogate"),
    (#"{"a\q":{}}"#, [], "known escape"), (#"{"a"#, [], "end of a string"),
  ]

  @Test(arguments: malformed) func `a malformed file is refused with a reason`(
    header: String, data: [UInt8], reason: String
  ) {
    let error = #expect(throws: NeuralNetworkError.self) {
      try SafeTensors(path: "weights/bad.safetensors", bytes: SafeTensorsTests.file(header, data))
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("weights/bad.safetensors: ") && text.contains(reason), "\(text)")
    #expect(error?.code == .malformed)
  }

  @Test func `a header that claims to be longer than the file is refused`() {
    for length in [UInt64(100), .max, 1 << 63] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [UInt8(ascii: "{")]
      #expect(throws: NeuralNetworkError.self) { try SafeTensors(path: "bad", bytes: bytes) }
    }
  }

  @Test func `no truncation is accepted`() {
    let bytes = SafeTensorsTests.example()
    for count in 0..<bytes.count {
      #expect(throws: NeuralNetworkError.self) { try SafeTensors(path: "cut", bytes: Array(bytes.prefix(count))) }
    }
  }

  @Test func `no damaged byte causes a crash`() {
    let original = SafeTensorsTests.example()
    var stream = RandomStream(seed: 1, stream: 0)
    var refused = 0
    for round in 0..<20_000 {
      var bytes = original
      for _ in 0...round % 3 {
        bytes[stream.integer(below: bytes.count)] = UInt8(truncatingIfNeeded: stream.nextUInt32())
      }
      do {
        let file = try SafeTensors(path: "damaged", bytes: bytes)
        for (name, entry) in file.entries {
          if entry.type == "I64" { _ = try file.integers(name) } else { _ = try file.floats(name) }
        }
      } catch { refused += 1 }
    }
    #expect(refused > 10_000)
  }

  @Test func `errors name the tensor and the cure`() throws {
    let file = try SafeTensors(path: "w.safetensors", bytes: SafeTensorsTests.example())
    #expect(throws: NeuralNetworkError.self) { try file.floats("b") }
    #expect(throws: NeuralNetworkError.self) { try file.floats("ids") }
    #expect(throws: NeuralNetworkError.self) { try file.integers("a.weight") }
    var layout = ParameterLayout()
    _ = layout.add("a.weight", [3, 2], .zeros)
    let wrong = #expect(throws: NeuralNetworkError.self) { try Weights(layout, file: file) }
    #expect(wrong?.code == .shapeMismatch)
    let absent = #expect(throws: NeuralNetworkError.self) { try Weights(layout, file: file, prefix: "net.") }
    #expect(absent?.code == .missingTensor && absent?.message.contains("'net.a.weight'") == true)
    let unread = #expect(throws: NeuralNetworkError.self) { try SafeTensors.read("/nowhere/at/all") }
    #expect(unread?.code == .fileAccess && unread?.message.contains("No such file") == true)
    #expect(throws: NeuralNetworkError.self) { try SafeTensors.read("/tmp") }
    #expect(throws: NeuralNetworkError.self) { try SafeTensors.write("/nowhere/at/all", tensors: []) }
  }

  private static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
  }
}
