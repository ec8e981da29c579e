import Foundation
import PriorBrush
import Testing
import TestSupport

@Suite struct `Vocabulary of a data set` {
  let vocabulary = Vocabulary(covering: ["Cat face", "face with  tears-of-joy", "1st place", "piñata"])

  @Test func `an unknown plural counts as its singular`() {
    let vocabulary = Vocabulary(covering: ["desert island", "glasses", "gas"])
    let prompt = vocabulary.tokenize("Islands, glasses and gass")
    #expect(prompt.ids == [Vocabulary.beginID] + ["island", "glasses", "gas"].compactMap { vocabulary.id(of: $0) })
    #expect(prompt.unknown == ["and"])
    #expect(vocabulary.tokenize("deserts glass").unknown == ["glass"])
  }

  @Test func `numbers its words in sorted order from 2`() {
    #expect(vocabulary.words == ["1st", "cat", "face", "joy", "of", "piñata", "place", "tears", "with"])
    #expect(vocabulary.id(of: "1st") == 2)
    #expect(vocabulary.id(of: "with") == 10)
    #expect(vocabulary.id(of: "Cat") == nil)
    #expect(vocabulary.count == 11)
  }

  @Test func `turns a prompt into numbers and reports the words it does not know`() {
    let prompt = vocabulary.tokenize("A CAT, with neon Piñata!")
    #expect(prompt.ids == [1, 3, 10, 7])
    #expect(prompt.known == ["cat", "with", "piñata"])
    #expect(prompt.unknown == ["a", "neon"])
    #expect(prompt.dropped == [])
    #expect(prompt.paddedIDs == [1, 3, 10, 7] + [Int32](repeating: 0, count: 12))
  }

  @Test(arguments: ["", "  ", "…!?", "unheard"])
  func `gives the null prompt for a text without known words`(text: String) {
    #expect(vocabulary.tokenize(text).ids == [1])
  }

  @Test func `stops at sixteen numbers and reports the rest`() {
    let prompt = vocabulary.tokenize(String(repeating: "cat ", count: 17) + "of")
    #expect(prompt.ids.count == 16)
    #expect(prompt.known.count == 15)
    #expect(prompt.dropped == ["cat", "cat", "of"])
    #expect(prompt.paddedIDs.count == 16)
  }

  @Test func `is the same after writing and reading`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/vocabulary.json"
    try vocabulary.write(to: path)
    #expect(try Vocabulary(contentsOf: path) == vocabulary)
  }

  @Test(arguments: [
    "{", "{\"format\": 2, \"words\": []}", "{\"format\": 1, \"words\": [\"a\", \"a\"]}",
    "{\"format\": 1, \"words\": [1]}",
  ])
  func `refuses a file of another kind`(text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/vocabulary.json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DatasetError.self) { try Vocabulary(contentsOf: path) }
    #expect(error?.code == .malformedJSON)
    #expect(error?.message.contains(path) == true)
  }
}
