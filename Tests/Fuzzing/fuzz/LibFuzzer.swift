import Foundation
import TestSupport

/// What libFuzzer calls: once at the beginning, then for each change of an input, and for each changed input.

private let entrance: any Entrance.Type = {
  let name = ProcessInfo.processInfo.environment["FUZZ_ENTRANCE"] ?? ""
  guard let entrance = entrances[name] else {
    fatalError("FUZZ_ENTRANCE is one of \(entrances.keys.sorted().joined(separator: ", "))")
  }
  return entrance
}()

// libFuzzer runs one input at a time.
nonisolated(unsafe) private var door: (any Entrance)?

/// Opens the door, or writes the seeds of its corpus to the folder `FUZZ_SEEDS` and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?) -> CInt {
  do {
    if let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] {
      for (index, seed) in try entrance.seeds.enumerated() {
        try Data(seed).write(to: URL(fileURLWithPath: "\(folder)/seed-\(index)"))
      }
      exit(0)
    }
    door = try entrance.init()
  } catch {
    fatalError("\(error)")
  }
  return 0
}

/// Lets one input in.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try door?.take(Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    fatalError("nothing behind the door may fail: \(error)")
  }
  return 0
}

/// Changes bytes as libFuzzer does, or a tree as somebody who knows JSON.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32) -> Int {
  var random = SeededGenerator(UInt64(seed))
  if random.below(3) > 0,
    let text = JSONMutator.mutant(of: Array(UnsafeBufferPointer(start: bytes, count: count)), &random),
    text.count <= limit
  {
    bytes.update(from: text, count: text.count)
    return text.count
  }
  return mutateBytes(bytes, count, limit)
}

// The convention of calls is the same for these arguments in C and Swift.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int
