import Foundation
import PNGImage
import PriorBrush
import Testing
import TestSupport

@Suite struct `Captioned data set` {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `is the same after writing and reading`() throws {
    let set = sampleSet(count: 12)
    try set.write(to: folder.path + "/set")
    #expect(try CaptionedDataset(contentsOf: folder.path + "/set") == set)
  }

  @Test func `is written as equal files for equal sets`() throws {
    let set = sampleSet(count: 5)
    try set.write(to: folder.path + "/a")
    try set.write(to: folder.path + "/b")
    for name in ["captions.jsonl", "dataset.json", "images/e3.png"] {
      #expect(
        FileManager.default.contentsEqual(atPath: folder.path + "/a/" + name, andPath: folder.path + "/b/" + name))
    }
  }

  @Test func `is thinned over its whole order, with some examples held out`() throws {
    var set = sampleSet(count: 12)
    for index in [3, 7, 11] { set.examples[index].isHeldOut = true }
    set.thin(toOneIn: 4)
    #expect(set.examples.map(\.id) == ["e0", "e3", "e6"])
    #expect(set.heldOutIndices == [1])
    set.thin(toOneIn: 1)
    #expect(set.examples.count == 3)
    set.thin(toOneIn: 100)
    #expect(set.examples.map(\.id) == ["e0", "e3"])
  }

  @Test func `notices that a built folder was changed`() throws {
    let path = folder.path + "/set"
    try sampleSet(count: 5).write(to: path)
    try Image(width: 8, height: 8, colour: [1, 2, 3, 4]).write(to: path + "/images/e3.png")
    let error = #expect(throws: DatasetError.self) { try CaptionedDataset(contentsOf: path) }
    #expect(error?.code == .changedContent)
    #expect(error?.message.contains("delete its dataset.json") == true)
  }

  @Test func `is read from a plain folder of images with captions`() throws {
    try image("cat.png", 10, [200, 100, 50])
    try image("dog.PNG", 64, [90])
    try captions(
      #"""
      {"file": "cat.png", "caption": "a \"quoted\" cat", "keywords": ["pet"]}

      {"caption": "a dog — ünïcode", "file": "dog.PNG", "note": "other members are ignored", "mirror": false}
      """#)
    let set = try CaptionedDataset(contentsOf: folder.path, resolution: 16)
    #expect(set.examples.map(\.id) == ["cat", "dog"])
    #expect(set.examples.map(\.caption) == ["a \"quoted\" cat", "a dog — ünïcode"])
    #expect(
      set.examples.map(\.image) == [
        Image(width: 16, height: 16, colour: [200, 100, 50]), Image(width: 16, height: 16, colour: [90, 90, 90]),
      ])
    #expect(set.examples.map(\.isMirrorable) == [true, false])
    try set.write(to: folder.path + "/copy")
    #expect(try CaptionedDataset(contentsOf: folder.path + "/copy").examples == set.examples)
  }

  @Test func `reports a missing captions file`() {
    let error = failure()
    #expect(error?.code == .missing)
    #expect(error?.message.contains("captions.jsonl") == true)
  }

  @Test(arguments: [
    (#"{"file": "cat.png", "caption": }"#, "captions.jsonl:2:32: this is not valid JSON"),
    (#"{"file": "cat.png"}"#, "the member 'caption' is missing"),
    (#"{"file": 7, "caption": "cat"}"#, "the member 'file' has the wrong type"),
    (#"["cat.png", "cat"]"#, "this is an array; write an object"),
  ])
  func `reports a line that cannot be understood`(line: String, reason: String) throws {
    try image("dog.png", 8, [1])
    try image("cat.png", 8, [1])
    try captions("{\"file\": \"dog.png\", \"caption\": \"dog\"}\n" + line)
    let error = failure()
    #expect(error?.code == .malformedJSON)
    #expect(error?.line == 2)
    #expect(error?.message.contains("captions.jsonl:2:") == true)
    #expect(error?.message.contains(reason) == true)
  }

  @Test(arguments: ["cat.png", "../cat.png", "/etc/cat.png", ""])
  func `reports a caption without an image`(file: String) throws {
    try captions("{\"file\": \"\(file)\", \"caption\": \"cat\"}")
    let error = failure()
    #expect(error?.code == .captionWithoutImage)
    #expect(error?.message.contains("captions.jsonl:1: ") == true)
    #expect(
      error?.message.contains("captions.jsonl:1: there is no image \(folder.path)/\(file);") == (file == "cat.png"))
    #expect(error?.message.contains("does not lie in the folder") == (file != "cat.png"))
  }

  @Test func `reports an image without a caption`() throws {
    try image("cat.png", 8, [1])
    try image("dog.png", 8, [1])
    try captions("{\"file\": \"cat.png\", \"caption\": \"cat\"}")
    let error = failure()
    #expect(error?.code == .imageWithoutCaption)
    #expect(error?.message.contains("\(folder.path)/dog.png has no caption in") == true)
  }

  @Test func `reports a second caption for an image`() throws {
    try image("cat.png", 8, [1])
    try captions("{\"file\": \"cat.png\", \"caption\": \"cat\"}\n{\"file\": \"cat.png\", \"caption\": \"pet\"}")
    let error = failure()
    #expect(error?.line == 2)
    #expect(error?.message.contains("already has a caption in line 1") == true)
  }

  @Test func `reports an image that is truncated or not square`() throws {
    let bytes = try Image(width: 8, height: 8, colour: [1, 2, 3]).pngBytes()
    try Data(bytes.dropLast(20)).write(to: URL(fileURLWithPath: folder.path + "/cat.png"))
    try captions("\n{\"file\": \"cat.png\", \"caption\": \"cat\"}")
    let truncated = failure()
    #expect(truncated?.code == .unusableImage)
    #expect(truncated?.line == 2)
    #expect(truncated?.message.contains("/cat.png ends after") == true)
    try Image(width: 8, height: 9, colour: [1, 2, 3]).write(to: folder.path + "/cat.png")
    #expect(failure()?.message.contains("8 x 9 pixels; crop it to a square") == true)
  }

  @Test func `reports a captions file without captions`() throws {
    try captions("\n \n")
    #expect(failure()?.code == .empty)
  }

  @Test func `reports a description that is not JSON`() throws {
    try captions("")
    try Data("{".utf8).write(to: URL(fileURLWithPath: folder.path + "/dataset.json"))
    #expect(failure()?.code == .malformedJSON)
  }

  @Test func `keeps out only captions whose words are all trained`() {
    var set = sampleSet(count: 40)
    set.holdOut(fraction: 0.25)
    let first = set.heldOutIndices
    #expect(first.count == 10)
    let trained = Set(set.trainingIndices.flatMap { Vocabulary.words(in: set.examples[$0].caption) })
    #expect(first.allSatisfy { trained.isSuperset(of: Vocabulary.words(in: set.examples[$0].caption)) })
    set.holdOut(fraction: 0.25)
    #expect(set.heldOutIndices == first)
    set.holdOut(fraction: 1)
    #expect(!set.trainingIndices.isEmpty)
    set.holdOut(fraction: 1, except: ["number"])
    #expect(set.heldOutIndices.isEmpty)
  }

  @Test func `has a digest that depends on identifiers, words, split and pixels`() {
    let set = sampleSet(count: 6)
    var variants = Array(repeating: set, count: 6)
    variants[0].examples[1].id += "x"
    variants[1].examples[1].caption += "x"
    variants[2].examples[1].keywords.append("x")
    variants[3].examples[1].isHeldOut.toggle()
    variants[4].examples[1].isMirrorable.toggle()
    variants[5].examples[1].image[0, 0, 3] = 9
    #expect(Set((variants + [set]).map(\.digest)).count == 7)
    #expect(sampleSet(count: 6).digest == set.digest)
  }

  private func failure() -> DatasetError? {
    do throws(DatasetError) {
      _ = try CaptionedDataset(contentsOf: folder.path)
      return nil
    } catch {
      return error
    }
  }

  private func captions(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/captions.jsonl"))
  }

  private func image(_ name: String, _ side: Int, _ colour: [UInt8]) throws {
    try Image(width: side, height: side, colour: colour).write(to: folder.path + "/" + name)
  }
}

/// A set of discs of different colours on transparent ground; every word occurs at least twice.
func sampleSet(count: Int, side: Int = 8) -> CaptionedDataset {
  let words = ["red", "blue", "green", "pale", "dark"]
  let examples = (0..<count).map { index in
    var image = Image(width: side, height: side, colour: [0, 0, 0, 0])
    image.fill(
      x: 1, y: 1, width: side - 3, height: side - 2, colour: [UInt8(index * 5 % 256), UInt8(index * 11 % 256), 40, 255])
    return CaptionedDataset.Example(
      id: "e\(index)", caption: "\(words[index % 5]) number \(index / 2 % 3)", keywords: ["token", "disc shape"],
      group: "g", subgroup: "s\(index % 2)", image: image, isHeldOut: index == 4, isMirrorable: index % 3 != 0)
  }
  return CaptionedDataset(
    name: "sample", resolution: side, examples: examples, sources: ["tool": "1.0"], notices: ["(c) nobody"])
}
