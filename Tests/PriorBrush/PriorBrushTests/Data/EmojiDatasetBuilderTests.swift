import Foundation
import PNGImage
import PriorBrush
import Testing
import TestSupport

@Suite struct `Emoji data set` {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `takes the wanted groups with names and keywords of CLDR`() throws {
    let set = try EmojiDatasetBuilder(sources: try sources()).build()
    #expect(set.examples.map(\.id) == ["41", "42"])
    #expect(set.examples.map(\.caption) == ["big letter a", "letter here b & c"])
    #expect(set.examples[0].keywords == ["alpha", "first sign"])
    #expect(set.examples.map(\.isMirrorable) == [false, false])
    #expect(set.examples[1].subgroup == "animal-bug")
    #expect(set.resolution == 64)
    #expect(set.notices.count == 2)
    #expect(set.sources["emoji-test.txt"] == "15.0")
    #expect(set.sources["fonts-noto-color-emoji"] == "2.042-0")
  }

  @Test func `centres each bitmap on a square`() throws {
    let set = try EmojiDatasetBuilder(sources: try sources()).build()
    let image = set.examples[0].image
    #expect(image[32, 0, 3] == 0)
    #expect(image[32, 63, 3] == 0)
    #expect(image[32, 32, 3] > 230)
    #expect(abs(Int(image[32, 32, 0]) - 10) <= 1)
  }

  @Test func `names a missing file and the packages to install`() throws {
    var sources = try sources()
    sources.annotations.append(folder.path + "/absent.xml")
    let error = #expect(throws: DatasetError.self) { try EmojiDatasetBuilder(sources: sources).build() }
    #expect(error?.code == .missingSource)
    #expect(
      error?.message == "there is no \(folder.path)/absent.xml, which the emoji set is made from; "
        + "run apt-get install fonts-noto-color-emoji unicode-cldr-core unicode-data")
  }

  @Test func `is refused when the font has none of the emoji`() throws {
    let sources = try sources()
    try write("# group: Activities\n1F600 ; fully-qualified # x E1.0 grin\n", "emoji-test.txt")
    let error = #expect(throws: DatasetError.self) { try EmojiDatasetBuilder(sources: sources).build() }
    #expect(error?.code == .empty)
  }

  @Test(.enabled(if: (try? EmojiSources().check()) != nil))
  func `of this machine has the scenery of the paper and a sound split`() throws {
    let set = try EmojiDatasetBuilder().build()
    #expect(set.examples.count > 600)
    #expect(Set(set.examples.map(\.id)).count == set.examples.count)
    let captions = set.examples.map(\.caption)
    for caption in ["cityscape at dusk", "desert island", "artist palette", "bridge at night", "polar bear"] {
      #expect(captions.contains(caption))
    }
    let known = Set(set.trainingIndices.flatMap { Vocabulary.words(in: set.examples[$0].caption) })
    let heldOut = set.heldOutIndices.map { set.examples[$0].caption }
    #expect(Set(heldOut.flatMap(Vocabulary.words(in:))).isSubset(of: known))
    #expect(heldOut.count == Int((Double(captions.count) * 0.035).rounded()))
    #expect(!heldOut.contains("cityscape"))
  }

  private func sources() throws -> EmojiSources {
    try Data(SyntheticFont().bytes).write(to: URL(fileURLWithPath: folder.path + "/tiny.ttf"))
    try write(
      """
      # Version: 15.0
      # group: Smileys & Emotion
      # subgroup: face-smiling
      0041 FE0F                       ; fully-qualified     # A E1.0 letter a
      0041                            ; unqualified         # A E1.0 letter a
      0041 1F3FB                      ; fully-qualified     # A E1.0 letter a: light skin tone
      # group: Animals & Nature
      # subgroup: animal-bug
      0042                            ; fully-qualified     # B E1.0 unnamed
      # group: Flags
      # subgroup: flag
      0041 0042                       ; fully-qualified     # AB E1.0 both
      """, "emoji-test.txt")
    try write(
      """
      <ldml><annotations>
        <annotation cp="A">Alpha | big “letter” a | first   sign</annotation>
        <annotation cp="A" type="tts">Big “Letter” A</annotation>
        <annotation cp="B" type="tts">letter &quot;here&quot; b &amp; c</annotation>
      </annotations></ldml>
      """, "en.xml")
    try write("<annotation cp=\"A\" type=\"tts\">never used</annotation>\n", "derived.xml")
    try write(
      "Package: other\nVersion: 9\n\nPackage: fonts-noto-color-emoji\nStatus: ok\nVersion: 2.042-0\n\n", "status")
    var sources = EmojiSources()
    sources.font = folder.path + "/tiny.ttf"
    sources.list = folder.path + "/emoji-test.txt"
    sources.annotations = [folder.path + "/en.xml", folder.path + "/derived.xml"]
    sources.packageStatus = folder.path + "/status"
    return sources
  }

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }
}
