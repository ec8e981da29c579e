/// Path data of SVG in few bytes.
enum PathText {
  /// Returns a path through points, each relative to the one before, rounded to tenths; equal neighbours are left out.
  static func text(of points: [(x: Double, y: Double)]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(points.count * 8)
    var last: (x: Int, y: Int)?
    for point in points {
      let here = (x: Int((point.x * 10).rounded()), y: Int((point.y * 10).rounded()))
      if let last {
        guard here != last else { continue }
        add(here.x - last.x, to: &bytes, isFirst: bytes.last == UInt8(ascii: "l"))
        add(here.y - last.y, to: &bytes, isFirst: false)
      } else {
        bytes.append(UInt8(ascii: "M"))
        add(here.x, to: &bytes, isFirst: true)
        add(here.y, to: &bytes, isFirst: false)
        bytes.append(UInt8(ascii: "l"))
      }
      last = here
    }
    if bytes.last == UInt8(ascii: "l") { bytes.append(contentsOf: "0 0".utf8) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func add(_ tenths: Int, to bytes: inout [UInt8], isFirst: Bool) {
    if tenths < 0 {
      bytes.append(UInt8(ascii: "-"))
    } else if !isFirst {
      bytes.append(UInt8(ascii: " "))
    }
    let size = abs(tenths)
    if size >= 10 || size == 0 { bytes.append(contentsOf: String(size / 10).utf8) }
    if size % 10 != 0 { bytes += [UInt8(ascii: "."), UInt8(ascii: "0") + UInt8(size % 10)] }
  }
}
