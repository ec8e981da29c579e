import Files
import Foundation

/// The table of a training's progress: `step,loss,imagesPerSecond`.
struct TrainingLog {
  private let handle: FileHandle

  /// Opens a log and drops the lines that a resumed training will write again, and a last line that was cut off.
  init(path: String, keepingStepsUpTo step: Int) throws {
    var kept = ["step,loss,imagesPerSecond"]
    if let bytes = try? WholeFile.read(path, limit: 1 << 28) {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst() {
        let fields = line.split(separator: ",")
        guard fields.count == 3, let value = Int(fields[0]), value <= step else { continue }
        kept.append(String(line))
      }
    }
    try Data((kept.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seekToEnd()
  }

  mutating func append(_ progress: TrainingProgress) throws {
    let line = String(format: "%d,%.6g,%.4g\n", progress.step, progress.loss, progress.imagesPerSecond)
    try handle.write(contentsOf: Data(line.utf8))
  }
}
