import PNGImage

/// The binary version of CIFAR-10: records of a label and 32 x 32 pixels.
///
/// - Source: Krizhevsky, "Learning multiple layers of features from tiny images", 2009; the layout of its binary version.
public enum CIFARReader {
  /// The bytes of a record: a label, then the red, the green and the blue plane.
  public static let recordLength = 1 + 3 * side * side

  /// The side of the images, in pixels.
  public static let side = 32

  /// The names of the classes, used where a folder has no `batches.meta.txt`.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Reads a folder with `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, as far as they are there.
  ///
  /// The caption of an image is the name of its class. The test batch is held out.
  ///
  /// - Parameter folder: The folder.
  /// - Returns: A data set of 32 x 32 pixels.
  /// - Throws: `DatasetError` with code `.missing`, `.notAccessible`, `.malformedRecord` or `.empty`.
  public static func dataset(contentsOf folder: String) throws(DatasetError) -> CaptionedDataset {
    let names = try classNames(in: folder)
    let training = DatasetFiles.names(in: folder).filter { $0.hasPrefix("data_batch_") && $0.hasSuffix(".bin") }
    let test = DatasetFiles.exists("\(folder)/test_batch.bin") ? ["test_batch.bin"] : []
    guard !(training + test).isEmpty else {
      throw DatasetError(
        .missing, path: folder,
        message: "\(folder) holds no data_batch_*.bin and no test_batch.bin; unpack cifar-10-binary.tar.gz there")
    }
    var examples: [CaptionedDataset.Example] = []
    for file in training + test {
      examples += try self.examples(
        "\(folder)/\(file)", prefix: String(file.dropLast(4)), names: names, isHeldOut: file == "test_batch.bin")
    }
    return CaptionedDataset(name: "cifar10", resolution: side, examples: examples, sources: ["records": folder])
  }

  private static func classNames(in folder: String) throws(DatasetError) -> [String] {
    let path = "\(folder)/batches.meta.txt"
    guard DatasetFiles.exists(path) else { return classNames }
    let names = String(decoding: try DatasetFiles.read(path), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    guard names.count == classNames.count else {
      throw DatasetError(
        .malformedRecord, path: path,
        message: "\(path) names \(names.count) classes instead of \(classNames.count); use the original file")
    }
    return names
  }

  private static func examples(
    _ path: String, prefix: String, names: [String], isHeldOut: Bool
  ) throws(DatasetError) -> [CaptionedDataset.Example] {
    let bytes = try DatasetFiles.read(path)
    guard !bytes.isEmpty else {
      throw DatasetError(.empty, path: path, message: "\(path) is empty; unpack the original archive again")
    }
    guard bytes.count % recordLength == 0 else {
      throw DatasetError(
        .malformedRecord, path: path,
        message: "\(path) has \(bytes.count) bytes, which is not a multiple of \(recordLength); it is cut off or not "
          + "the binary version of CIFAR-10")
    }
    var examples: [CaptionedDataset.Example] = []
    examples.reserveCapacity(bytes.count / recordLength)
    for index in 0..<bytes.count / recordLength {
      let start = index * recordLength
      let label = Int(bytes[start])
      guard label < names.count else {
        throw DatasetError(
          .malformedRecord, path: path,
          message: "\(path): record \(index) has the label \(label), but there are only \(names.count) classes")
      }
      examples.append(
        .init(
          id: "\(prefix)-\(index)", caption: names[label], group: names[label],
          image: image(bytes[(start + 1)..<(start + recordLength)]), isHeldOut: isHeldOut))
    }
    return examples
  }

  private static func image(_ planes: ArraySlice<UInt8>) -> Image {
    let count = side * side
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * count) { target, initialized in
      for channel in 0..<3 {
        for pixel in 0..<count { target[pixel * 3 + channel] = planes[planes.startIndex + channel * count + pixel] }
      }
      initialized = 3 * count
    }
    return Image(width: side, height: side, channels: 3, pixels: pixels)
  }
}
