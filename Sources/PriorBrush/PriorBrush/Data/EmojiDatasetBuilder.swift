import PNGImage

/// Builds a captioned emoji set from the packages installed on this machine; nothing is downloaded.
///
/// Each bitmap is centred on a square and resized with premultiplied alpha. Skin tones, flags and keycaps are left out.
/// Names are CLDR short names in lower case, keywords are CLDR keywords.
public struct EmojiDatasetBuilder: Sendable {
  /// The files to read.
  public var sources: EmojiSources
  /// The side of the images, in pixels.
  public var resolution = 64
  /// The share of captions that are kept from training.
  public var heldOutFraction = 0.035
  /// Groups that are taken whole.
  public var groups: Set<String> = ["Smileys & Emotion", "Animals & Nature", "Food & Drink", "Activities"]
  /// Subgroups that are taken from other groups: scenery, and what belongs to light, music and painting.
  public var subgroups: Set<String> = [
    "place-map", "place-geographic", "place-building", "place-religious", "place-other", "sky & weather",
    "light & video", "music", "musical-instrument", "writing",
  ]

  /// Words whose pictures are all trained on: there are few of them, and the paper's prompts use them.
  public var trainedWords: Set<String> = ["cityscape", "dusk", "island", "night", "painting", "palette"]

  /// Creates a builder.
  ///
  /// - Parameter sources: The files to read.
  public init(sources: EmojiSources = EmojiSources()) {
    self.sources = sources
  }

  /// Builds the set.
  ///
  /// - Returns: The examples in the order of the list of emoji, with the split made.
  /// - Throws: `DatasetError` with code `.missingSource`, `.notAccessible`, `.malformedFont`, `.unusableImage` or
  ///   `.empty`.
  public func build() throws(DatasetError) -> CaptionedDataset {
    try sources.check()
    let font = try ColorBitmapFont(contentsOf: sources.font)
    var annotations = EmojiAnnotations()
    for path in sources.annotations { annotations.add(String(decoding: try DatasetFiles.read(path), as: UTF8.self)) }
    let list = String(decoding: try DatasetFiles.read(sources.list), as: UTF8.self)
    var examples: [CaptionedDataset.Example] = []
    var seen: Set<[UInt8]> = []
    for entry in EmojiEntry.entries(in: list) where isWanted(entry) {
      guard let png = try font.bitmap(of: entry.sequence), seen.insert(png).inserted else { continue }
      let caption = annotations.names[entry.sequence] ?? entry.name
      let keywords = (annotations.keywords[entry.sequence] ?? []).filter { $0 != caption && !$0.isEmpty }
      examples.append(
        .init(
          id: entry.sequence.map { String($0, radix: 16) }.joined(separator: "-"), caption: caption,
          keywords: keywords, group: entry.group, subgroup: entry.subgroup, image: try image(png, caption),
          isMirrorable: EmojiDatasetBuilder.directedWords.isDisjoint(with: Vocabulary.words(in: caption))))
    }
    guard !examples.isEmpty else {
      throw DatasetError(
        .empty, path: sources.font,
        message: "the font \(sources.font) has a bitmap for none of the emoji in \(sources.list); check both files")
    }
    var dataset = CaptionedDataset(
      name: "emoji\(resolution)", resolution: resolution, examples: examples,
      sources: versions(font: font, list: list), notices: EmojiDatasetBuilder.notices)
    dataset.holdOut(fraction: heldOutFraction, except: trainedWords)
    return dataset
  }

  private func isWanted(_ entry: EmojiEntry) -> Bool {
    guard groups.contains(entry.group) || subgroups.contains(entry.subgroup) else { return false }
    return !entry.sequence.contains { 0x1F3FB...0x1F3FF ~= $0 || 0x1F1E6...0x1F1FF ~= $0 || $0 == 0x20E3 }
  }

  private func image(_ png: [UInt8], _ caption: String) throws(DatasetError) -> Image {
    do throws(PNGError) {
      let bitmap = try Image(png: png, path: "\(sources.font) (the glyph '\(caption)')")
      let side = max(bitmap.width, bitmap.height)
      var square = Image(width: side, height: side, colour: [0, 0, 0, 0])
      square.draw(bitmap.withAlpha(), x: (side - bitmap.width) / 2, y: (side - bitmap.height) / 2)
      return square.resized(width: resolution, height: resolution)
    } catch {
      throw DatasetError(.unusableImage, path: sources.font, message: error.message)
    }
  }

  private func versions(font: ColorBitmapFont, list: String) -> [String: String] {
    var versions = ["font revision": font.revision]
    if let line = list.split(separator: "\n").first(where: { $0.hasPrefix("# Version: ") }) {
      versions["emoji-test.txt"] = String(line.dropFirst("# Version: ".count))
    }
    for package in ["fonts-noto-color-emoji", "unicode-cldr-core", "unicode-data"] {
      versions[package] = sources.version(of: package)
    }
    return versions
  }

  /// Words of images whose mirror image would be wrong: writing, directions, phases, maps.
  private static let directedWords: Set<String> = [
    "1st", "2nd", "3rd", "arrow", "calendar", "card", "cards", "clock", "compass", "die", "first", "flag", "game",
    "globe",
    "hundred", "joker", "keyboard", "last", "left", "letter", "mahjong", "map", "musical", "post", "quarter", "right",
    "sleeping", "sleepy", "speech", "ticket", "tickets", "waning", "waxing", "zzz",
  ]

  /// What a copy of the set must carry.
  static let notices = [
    "Images: Noto Color Emoji, (c) 2013-2017 Google Inc.; images Apache License 2.0, font SIL Open Font License 1.1.",
    "Names and keywords: Unicode CLDR and emoji-test.txt, (c) 1991-2022 Unicode, Inc.; Unicode-DFS-2016.",
  ]
}
