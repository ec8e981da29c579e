import PNGImage
import Testing

@Suite struct `Contact sheet` {
  let red = Image(width: 8, height: 8, colour: [255, 0, 0])

  @Test func `puts enlarged images in a grid below their titles`() {
    var sheet = ContactSheet(
      title: "run 1", columnTitles: ["a", "b"],
      rows: [.init(title: "cat", images: [red, red]), .init(title: "dog", images: [red])])
    sheet.enlargement = 3
    let image = sheet.image()
    let left = Image.textWidth("cat") + 8
    let top = 4 + 2 * (Image.textHeight + 4)
    #expect(image.width == left + 2 * (24 + 4))
    #expect(image.height == top + 2 * (24 + 4))
    #expect(image[left, top, 1] == 0)
    #expect(image[left + 23, top + 23, 1] == 0)
    #expect(image[left + 24, top, 1] == 248)
    #expect(image[left + 28, top, 1] == 0)
    #expect(image[left + 28, top + 28, 1] == 248)
  }

  @Test func `without titles has no room for them`() {
    let image = ContactSheet(rows: [.init(title: "", images: [red])]).image()
    #expect(image.width == 16 && image.height == 16)
  }

  @Test func `crosses out a missing image`() {
    let image = ContactSheet(rows: [.init(title: "", images: [red, nil])]).image()
    #expect(image[16, 4, 0] == 180)
    #expect(image[16, 11, 0] == 180)
    #expect(image[16, 7, 0] == 228)
  }

  @Test func `cuts titles that are too long`() {
    #expect(Image.truncated("short", toWidth: 29) == "short")
    #expect(Image.truncated("cityscape at dusk", toWidth: 60) == "cityscap..")
    #expect(Image.textWidth(Image.truncated("cityscape at dusk", toWidth: 60)) <= 60)
    #expect(Image.truncated("abc", toWidth: 3) == "")
    let sheet = ContactSheet(rows: [.init(title: String(repeating: "x", count: 400), images: [red])])
    #expect(sheet.image().width == sheet.maximumRowTitleWidth + 8 + 12)
  }

  @Test func `can be empty`() {
    #expect(ContactSheet(rows: []).image().width > 0)
  }

  @Test func `has a drawing for each printable character and a box for others`() {
    func drawn(_ text: String) -> Image {
      var image = Image(width: 7, height: 9, colour: [0])
      image.draw(text: text, x: 1, y: 1, colour: [1])
      return image
    }
    let printable = (33...126).compactMap { Unicode.Scalar($0).map { String(Character($0)) } }
    #expect(Set(printable.map { drawn($0).pixels }).count == printable.count)
    #expect(drawn(" ").pixels.allSatisfy { $0 == 0 })
    #expect(drawn("ö") == drawn("漢"))
  }
}
