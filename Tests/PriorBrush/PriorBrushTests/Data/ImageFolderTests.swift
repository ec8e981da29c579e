import Foundation
import PNGImage
import PriorBrush
import Testing
import TestSupport

@Suite struct `Image folder` {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func add(_ name: String, side: Int = 8, colour: [UInt8] = [1, 2, 3]) throws {
    let path = "\(folder.path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Image(width: side, height: side, colour: colour).write(to: path)
  }

  private func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
  }

  private func error(side: Int? = nil) -> DatasetError? {
    #expect(throws: DatasetError.self) { try ImageFolder(contentsOf: folder.path, side: side) }
  }

  @Test func `holds any PNG files by name, with the captions that there are`() throws {
    try add("b.png")
    try add("a.png", colour: [9])
    try add("images/c.png", colour: [200, 100, 50, 0])
    try write("not an image", to: "notes.txt")
    try write(
      "{\"file\": \"c.png\", \"caption\": \"sea\"}\n\n{\"file\": \"a.png\", \"caption\": \"air\"}\n",
      to: "captions.jsonl")
    let images = try ImageFolder(contentsOf: folder.path)
    #expect(images.entries.map(\.name) == ["a.png", "b.png", "images/c.png"])
    #expect(images.entries.map(\.caption) == ["air", nil, "sea"] && images.captions == nil)
    #expect(images.entries[0].image == Image(width: 8, height: 8, colour: [9, 9, 9]))
    #expect(images.entries[2].image == Image(width: 8, height: 8, colour: [255, 255, 255]))
  }

  @Test func `is what a data set wrote`() throws {
    let set = ShapesDataset(resolution: 32).captioned(count: 5)
    try set.write(to: folder.path)
    let images = try ImageFolder(contentsOf: folder.path)
    #expect(images.captions?.sorted() == set.examples.map(\.caption).sorted())
    #expect(try ImageFolder(contentsOf: folder.path, side: 16).entries.allSatisfy { $0.image.width == 16 })
  }

  @Test func `has images of one size, unless a size is wanted`() throws {
    try add("a.png")
    try add("b.png", side: 16)
    #expect(error()?.message.contains("b.png is 16 x 16 pixels") == true)
    #expect(try ImageFolder(contentsOf: folder.path, side: 8).entries.count == 2)
    #expect(error(side: 0)?.code == .unusableImage)
  }

  @Test func `names what is wrong with its files`() throws {
    #expect(error()?.code == .empty)
    try add("a.png")
    try write("{\"file\": \"b.png\", \"caption\": \"x\"}\n", to: "captions.jsonl")
    #expect(error()?.code == .captionWithoutImage && error()?.message.contains("captions.jsonl:1") == true)
    try write("{\"file\": \"a.png\"}\n", to: "captions.jsonl")
    #expect(error()?.code == .malformedJSON)
    try write("{", to: "captions.jsonl")
    #expect(error()?.code == .malformedJSON)
    try FileManager.default.removeItem(atPath: folder.path + "/captions.jsonl")
    try write("JFIF", to: "photo.JPG")
    #expect(error()?.code == .unusableImage && error()?.message.contains("convert the images") == true)
    try FileManager.default.removeItem(atPath: folder.path + "/photo.JPG")
    try write("no image", to: "z.png")
    #expect(error()?.code == .unusableImage && error()?.message.contains("z.png is not a PNG file") == true)
    let missing = #expect(throws: DatasetError.self) { try ImageFolder(contentsOf: "/nowhere") }
    #expect(missing?.code == .missing)
  }
}
