import Foundation
import NeuralNetwork
import PerceptualNetworks
import Testing

@Suite struct `Published weights` {
  @Test(arguments: ["zip.pth", "legacy.pth", "python2.pth", "nested.pth"])
  func `of PyTorch are read with their views and types`(name: String) throws {
    let file = try PublishedWeights(contentsOf: NetworkFixtures.path(name))
    let base = (0..<24).map { Float($0) / 8 }
    #expect(file.names == ["bfloat", "count", "double", "half", "parameter", "part", "plain", "scalar", "turned"])
    #expect(try file.values(of: "plain", shape: [2, 3, 4]) == base)
    let turned = (0..<4).flatMap { row in (0..<6).map { base[$0 * 4 + row] } }
    #expect(try file.values(of: "turned", shape: [4, 6]) == turned)
    #expect(try file.values(of: "part", shape: [4]) == Array(base[5..<9]))
    #expect(try file.values(of: "half", shape: [5]) == base[..<5].map { $0 - 1 })
    #expect(try file.values(of: "bfloat", shape: [5]) == base[..<5].map { $0 - 1 })
    #expect(try file.values(of: "double", shape: [3]) == Array(base[..<3]))
    #expect(try file.values(of: "parameter", shape: [2]) == [1, 1])
    #expect(try file.values(of: "scalar", shape: []) == [2.5])
    func code(_ body: () throws -> [Float]) -> PerceptualNetworkError.Code? {
      (#expect(throws: PerceptualNetworkError.self) { try body() })?.code
    }
    #expect(code { try file.values(of: "count", shape: []) } == .unsupportedType)
    #expect(code { try file.values(of: "plain", shape: [3, 2, 4]) } == .shapeMismatch)
    #expect(code { try file.values(of: "absent", shape: [1]) } == .missingTensor)
  }

  @Test func `as safetensors are read, too`() throws {
    let bytes = SafeTensors.encode(
      [NamedTensor("a", shape: [2], values: [1, 2])], metadata: [:], half: false)
    let file = try PublishedWeights(path: "a.safetensors", bytes: bytes)
    #expect(try file.names == ["a"] && file.values(of: "a", shape: [2]) == [1, 2])
  }

  @Test(
    arguments: [
      ("evil.pth", "asks for 'os.getenv'"), ("list.pth", "holds no state dictionary"),
      ("script.pth", "is a TorchScript program"),
    ])
  func `with anything but tensors are refused`(name: String, reason: String) throws {
    let path = try NetworkFixtures.path(name)
    let error = #expect(throws: PerceptualNetworkError.self) { try PublishedWeights(contentsOf: path) }
    #expect(error?.code == .refused && error?.message.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func `that are no state dictionary are named`() throws {
    let other = try NetworkFixtures.path("other.pth")
    #expect(throws: PerceptualNetworkError.self) { try PublishedWeights(contentsOf: other) }
    let error = #expect(throws: PerceptualNetworkError.self) { try PublishedWeights(contentsOf: "/nowhere/x.pth") }
    #expect(error?.code == .fileAccess)
  }

  @Test(arguments: ["zip.pth", "legacy.pth", "python2.pth"])
  func `that are cut anywhere are refused, and no changed byte brings the reader down`(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: NetworkFixtures.path(name))))
    for length in 0..<bytes.count {
      // A cut safetensors header is another error, so only the first bytes may decide.
      #expect(throws: (any Error).self) { try PublishedWeights(path: name, bytes: Array(bytes[..<length])) }
    }
    for position in bytes.indices {
      for value in [bytes[position] ^ 0xFF, bytes[position] ^ 1, 0xFF, 0] {
        var changed = bytes
        changed[position] = value
        guard let file = try? PublishedWeights(path: name, bytes: changed) else { continue }
        for tensor in file.names {
          if let shape = file.shape(of: tensor) { _ = try? file.values(of: tensor, shape: shape) }
        }
      }
    }
  }
}
