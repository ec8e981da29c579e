import Foundation
import PNGImage
import PriorBrush
import Testing
import TestSupport

@Suite struct `Published data sets` {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String) throws -> String {
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  private func image(_ name: String, _ width: Int, _ height: Int, _ colour: [UInt8]) throws {
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Image(width: width, height: height, colour: colour).write(to: path)
  }

  private func failure<Value>(_ body: () throws(DatasetError) -> Value) -> DatasetError? {
    do throws(DatasetError) {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }

  // MARK: COCO

  private func captions(images: Int = 20) throws -> String {
    let entries = (0..<images).map { #"{"id": \#(900 - $0), "file_name": "COCO_val2014_\#($0).jpg", "license": 3}"# }
    let sentences = (0..<images).flatMap { image in
      (0..<5).map {
        #"{"image_id": \#(900 - image), "id": \#(image * 5 + $0), "caption": " Caption \#($0)\n of \#(image). "}"#
      }
    }
    return try write(
      #"{"info": {"year": 2014}, "images": [\#(entries.joined(separator: ","))], "#
        + #""annotations": [\#(sentences.joined(separator: ","))], "licenses": []}"#, to: "captions_val2014.json")
  }

  @Test func `of COCO give five captions an image`() throws {
    let captions = try COCOCaptions(contentsOf: captions())
    #expect(captions.entries.count == 20 && captions.entries[0].id == 881)
    #expect(captions.entries.allSatisfy { $0.captions.count == 5 })
    #expect(captions.prompts.last == "Caption 0 of 0.")
    try image("val2014/COCO_val2014_19.png", 8, 4, [200, 10, 20])
    try image("val2014/COCO_val2014_18.png", 4, 8, [90])
    let set = try captions.dataset(images: folder.path + "/val2014", resolution: 4, limit: 2)
    #expect(set.examples.map(\.id) == ["881", "882"])
    #expect(set.examples[0].caption == "caption 0 of 19." && set.examples[0].keywords.count == 4)
    #expect(set.examples[0].image == Image(width: 4, height: 4, colour: [200, 10, 20]))
    #expect(set.examples[1].image == Image(width: 4, height: 4, colour: [90, 90, 90]))
  }

  @Test func `of COCO with missing or unconverted images say what to do`() throws {
    let captions = try COCOCaptions(contentsOf: captions(images: 1))
    let missing = failure { () throws(DatasetError) in
      try captions.dataset(images: folder.path, resolution: 4)
    }
    #expect(missing?.code == .captionWithoutImage)
    try write([0xFF, 0xD8, 0xFF], to: "COCO_val2014_0.jpg")
    let jpeg = failure { () throws(DatasetError) in try captions.dataset(images: folder.path, resolution: 4) }
    #expect(jpeg?.code == .unusableImage && jpeg?.message.contains("mogrify -format png") == true)
    let side = failure { () throws(DatasetError) in try captions.dataset(images: folder.path, resolution: 0) }
    #expect(side?.code == .unusableImage)
  }

  @Test(
    arguments: [
      ("{", DatasetError.Code.malformedJSON), ("[]", .malformedJSON), (#"{"images": []}"#, .malformedJSON),
      (#"{"images": [], "annotations": []}"#, .empty), (#"{"images": [{"id": 1}], "annotations": []}"#, .malformedJSON),
      (#"{"images": [], "annotations": [{"image_id": 4, "caption": "x"}]}"#, .captionWithoutImage),
      (#"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1}]}"#, .malformedJSON),
      (
        #"{"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}], "annotations": []}"#,
        .malformedJSON
      ),
      (
        #"{"images": [{"id": 1, "file_name": "../a.jpg"}], "annotations": [{"image_id": 1, "caption": "x"}]}"#,
        .captionWithoutImage
      ),
    ])
  func `of COCO that are broken are refused`(text: String, code: DatasetError.Code) throws {
    let path = try write(text, to: "captions.json")
    let error = failure { () throws(DatasetError) in
      try COCOCaptions(contentsOf: path).dataset(images: folder.path, resolution: 4)
    }
    #expect(error?.code == code, "\(String(describing: error))")
  }

  // MARK: CIFAR-10

  private func record(_ label: UInt8, _ red: UInt8, _ green: UInt8, _ blue: UInt8) -> [UInt8] {
    [label] + [red, green, blue].flatMap { [UInt8](repeating: $0, count: 1024) }
  }

  @Test func `of CIFAR-10 are read from their planes, the test batch held out`() throws {
    try write(record(0, 1, 2, 3) + record(9, 4, 5, 6), to: "data_batch_1.bin")
    try write(record(3, 7, 8, 9), to: "test_batch.bin")
    let set = try CIFARReader.dataset(contentsOf: folder.path)
    #expect(set.examples.map(\.caption) == ["airplane", "truck", "cat"])
    #expect(set.examples.map(\.id) == ["data_batch_1-0", "data_batch_1-1", "test_batch-0"])
    #expect(set.heldOutIndices == [2] && set.resolution == 32)
    #expect(set.examples[1].image == Image(width: 32, height: 32, colour: [4, 5, 6]))
    let names = (0..<10).map { "class\($0)" }
    _ = try write(names.joined(separator: "\n") + "\n\n", to: "batches.meta.txt")
    #expect(try CIFARReader.dataset(contentsOf: folder.path).examples[1].caption == "class9")
  }

  @Test func `of CIFAR-10 that are cut off or mislabelled are refused`() throws {
    #expect(failure { () throws(DatasetError) in try CIFARReader.dataset(contentsOf: folder.path) }?.code == .missing)
    let wrong = [
      (Array(record(0, 1, 2, 3).dropLast()), DatasetError.Code.malformedRecord),
      (record(10, 1, 2, 3), .malformedRecord), ([], .empty),
    ]
    for (bytes, code) in wrong {
      try write(bytes, to: "data_batch_2.bin")
      let error = failure { () throws(DatasetError) in try CIFARReader.dataset(contentsOf: folder.path) }
      #expect(error?.code == code && error?.message.contains("data_batch_2.bin") == true)
    }
    try write(record(0, 1, 2, 3), to: "data_batch_2.bin")
    _ = try write("one\ntwo\n", to: "batches.meta.txt")
    let names = failure { () throws(DatasetError) in try CIFARReader.dataset(contentsOf: folder.path) }
    #expect(names?.code == .malformedRecord && names?.message.contains("names 2 classes") == true)
  }

  // MARK: Class folders

  @Test func `in class folders take their captions from names or from a list`() throws {
    try image("set/tabby_cat/1.png", 6, 4, [10, 20, 30])
    try image("set/tabby_cat/2.png", 4, 4, [10, 20, 30])
    try image("set/n01440764/x.png", 4, 4, [1, 2, 3])
    let plain = try ClassFolders.dataset(contentsOf: folder.path + "/set", resolution: 4)
    #expect(plain.examples.map(\.caption) == ["n01440764", "tabby cat", "tabby cat"])
    #expect(plain.examples.map(\.id) == ["n01440764-x", "tabby_cat-1", "tabby_cat-2"])
    _ = try write("n01440764 Tench, Tinca tinca\n\n", to: "set/classes.txt")
    let named = try ClassFolders.dataset(contentsOf: folder.path + "/set", resolution: 4, limit: 1)
    #expect(named.examples.map(\.caption) == ["tench", "tabby cat"])
    #expect(named.examples.map(\.group) == ["n01440764", "tabby_cat"])
  }

  @Test func `in class folders without usable images are refused`() throws {
    let path = folder.path + "/set"
    func code() -> DatasetError.Code? {
      failure { () throws(DatasetError) in try ClassFolders.dataset(contentsOf: path, resolution: 4) }?.code
    }
    #expect(code() == .missing)
    try image("set/a/1.png", 4, 4, [1])
    #expect(code() == nil)
    _ = try write("a\n", to: "set/classes.txt")
    #expect(code() == .malformedText)
    _ = try write("a cat", to: "set/classes.txt")
    _ = try write("no image", to: "set/a/2.png")
    #expect(code() == .unusableImage)
    try FileManager.default.removeItem(atPath: path + "/a/2.png")
    _ = try write("no image", to: "set/a/3.JPEG")
    #expect(code() == .unusableImage)
    try image("set/a/3.png", 4, 4, [1])
    #expect(code() == nil)
    try FileManager.default.createDirectory(atPath: path + "/empty", withIntermediateDirectories: true)
    #expect(code() == .empty)
  }

  // MARK: Prompts

  @Test func `of prompts are read from text and from JSON lines, each prompt once`() throws {
    let text = try PromptList(contentsOf: write("  a cat \r\n\n#2 dogs\na cat\n\tünïcode — 日本\n", to: "prompts.txt"))
    #expect(text.prompts == ["a cat", "#2 dogs", "ünïcode — 日本"] && text.duplicates == 1)
    let lines = #"{"prompt": "a \"red\" cat", "id": 1}"# + "\n" + #"{"caption": "a dog"}"# + "\n\n"
    let json = try PromptList(contentsOf: write(lines, to: "prompts.jsonl"))
    #expect(json.prompts == ["a \"red\" cat", "a dog"] && json.duplicates == 0)
  }

  @Test func `of prompts are split by the text of each prompt alone`() throws {
    let all = (0..<400).map { "prompt \($0)" }
    let list = try PromptList(contentsOf: write(all.joined(separator: "\n"), to: "all.txt"))
    let (training, heldOut) = list.split(heldOut: 0.1)
    #expect(training.count + heldOut.count == 400 && (20...60).contains(heldOut.count))
    let part = try PromptList(contentsOf: write(all[..<50].joined(separator: "\n"), to: "part.txt")).split(heldOut: 0.1)
    #expect(Set(part.heldOut).isSubset(of: heldOut) && Set(part.training).isDisjoint(with: heldOut))
  }

  @Test func `of prompts that are broken name file and line`() throws {
    func check(_ text: String, _ name: String, _ code: DatasetError.Code, _ start: String) throws {
      let path = try write(text, to: name)
      let error = failure { () throws(DatasetError) in try PromptList(contentsOf: path) }
      #expect(error?.code == code && error?.message.hasPrefix(path + start) == true, "\(String(describing: error))")
    }
    try check(" \n\n", "a.txt", .empty, " holds no prompt")
    try check("{\"prompt\": \"x\"}\n{", "b.jsonl", .malformedJSON, ":2:")
    try check("{\"text\": \"x\"}", "c.jsonl", .malformedJSON, ":1: there is no member 'prompt'")
    try check("{\"prompt\": 3}", "d.jsonl", .malformedJSON, ":1:")
    try check("{\"prompt\": \" \"}", "e.jsonl", .malformedJSON, ":1: the prompt is empty")
    try write([0x61, 0x0A, 0xFF, 0xFE], to: "f.txt")
    let path = folder.path + "/f.txt"
    let error = failure { () throws(DatasetError) in try PromptList(contentsOf: path) }
    #expect(error?.code == .malformedText && error?.line == 2)
    let missing = failure { () throws(DatasetError) in try PromptList(contentsOf: folder.path + "/none.txt") }
    #expect(missing?.code == .missing)
  }
}
