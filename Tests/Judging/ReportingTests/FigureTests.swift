import AttemptModel
import Foundation
import FoundationXML
import JSON
import PNGImage
import Reporting
import ResultsStore
import Testing
import TestSupport

/// Pictures that jobs stored: drawings, photographs, and files that are neither.
@Suite struct FigureTests {
  private static let drawing = """
    <?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" height="36pt" viewBox="0 0 72 36"
      onload="alert(1)"><metadata><rdf:RDF xmlns:rdf="x"><a href="http://example.org/licence"/></rdf:RDF></metadata>
    <style>@import url(http://example.org/a.css);</style><style>.a{fill:url(#g)}</style>
    <script>alert(2)</script><foreignObject><p>html</p></foreignObject>
    <defs><path id="p" d="M0 0L1 1"/></defs><use xlink:href="#p"/><use href="http://example.org/b.svg#x"/>
    <image href="file:///etc/passwd"/><image href="data:image/svg+xml;base64,AAAA"/>
    <a href="javascript:alert(3)"><text x="1" y="2" onclick="alert(4)" style="fill:url(http://example.org/c)">A &amp; B</text></a>
    <rect fill="red" style="background:\\75rl(x)" width="3" height="4"/><animate attributeName="href" to="javascript:x"/></svg>
    """

  /// The least JPEG file that tells its size: a frame header of 30 x 20 pixels, some coded bytes, the end.
  private static let photograph: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 0x11, 0]
    + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD9]

  private func results(_ folder: TemporaryFolder, _ files: [String: [UInt8]]) throws -> ExperimentResults {
    let panels = files.keys.sorted().map { "{\"stage\": \"timing\", \"artifact\": \"\($0)\"}" }
    var results = try SampleResults.experiment(
      name: "exp2", seeds: [43],
      report: "{\"figures\": [{\"id\": \"f\", \"title\": \"F\", \"panels\": [\(panels.joined(separator: ", "))]}]}")
    for (name, bytes) in files {
      let path = "\(folder.path)/\(name)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      results.jobs[0].attempt?.artifacts.append(
        ArtifactResult(name: name, digest: "abcdef0123456789", byteCount: 1, mediaType: "", path: path))
    }
    return results
  }

  @Test func `a drawing keeps what is drawn and loses what could act`() throws {
    let svg = try InertSVG(Array(Self.drawing.utf8))
    #expect(XMLParser(data: Data(svg.text.utf8)).parse())
    #expect(
      svg.text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"96\" height=\"48\" viewBox=\"0 0 72 36\""))
    for kept in [
      "<style>.a{fill:url(#g)}</style>", "<use href=\"#p\"></use>", ">A &amp; B</text>", "fill=\"red\"",
      "<path id=\"p\"",
    ] {
      #expect(svg.text.contains(kept), "\(kept)")
    }
    for lost in [
      "script", "alert", "onload", "onclick", "foreignObject", "example.org", "passwd", "@import", "rdf", "<a",
      "animate", "75rl", "svg+xml",
    ] {
      #expect(!svg.text.contains(lost), "\(lost)")
    }
  }

  @Test(arguments: [
    ("<svg><g></svg>", "'svg' ends where another element is open"),
    ("<svg><g>", "is cut off: 'g' has no end"), ("<html></html>", "it begins with 'html'"),
    ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "it declares entities of its own"),
    ("<svg>&nothing;</svg>", "'&nothing;' stands for nothing (line 1)"),
    ("<svg a=b/>", "the value of 'a' has no quotes"),
    (String(repeating: "<svg>", count: 300), "nested too deeply"), ("", "it is empty"),
    ("plain words", "neither a PNG, nor a JPEG, nor an SVG file"),
  ])
  func `what is no picture is told with its reason`(text: String, reason: String) {
    let fault = #expect(throws: StoredPicture.Fault.self) { try StoredPicture(Array(text.utf8), name: "f") }
    #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
  }

  @Test func `a photograph has its size, and one that is cut off is told`() throws {
    guard case .file(let file) = try StoredPicture(Self.photograph, name: "f") else {
      Issue.record("no file")
      return
    }
    #expect(file.width == 30 && file.height == 20 && file.mediaType == "image/jpeg")
    for count in 3..<Self.photograph.count {
      #expect(throws: StoredPicture.Fault.self) { try StoredPicture(Array(Self.photograph[..<count]), name: "f") }
    }
  }

  @Test func `drawings and photographs stand on both pages`() throws {
    let folder = try TemporaryFolder()
    let pixels = try Image(width: 8, height: 8, colour: [1, 2, 3]).pngBytes()
    let page = try ReportPage(
      try results(folder, ["a.svg": Array(Self.drawing.utf8), "b.jpg": Self.photograph, "c.png": pixels]))
    let attachment = try #require(page.attachments.first)
    #expect(attachment.name == "f.svg" && page.markdown.contains("(exp2/f.svg)"))
    let sheet = String(decoding: attachment.bytes, as: UTF8.self)
    #expect(XMLParser(data: attachment.bytes.withUnsafeBytes { Data($0) }).parse())
    for part in ["image/svg+xml;base64,", "image/jpeg;base64,", "image/png;base64,"] {
      #expect(sheet.contains("href=\"data:\(part)") && page.html.contains("src=\"data:\(part)"), "\(part)")
    }
    #expect(!page.html.contains("<script>alert"))
  }

  @Test func `a picture that cannot be read is an error that names the job, and no path`() throws {
    let folder = try TemporaryFolder()
    var broken = try results(folder, ["a.png": Array("not a picture".utf8)])
    let error = #expect(throws: ReportError.self) { try ReportPage(broken) }
    #expect(error?.code == .unreadablePicture)
    let message = error?.message ?? ""
    #expect(
      message.hasPrefix("figure f of exp2: the artifact 'a.png' of timing (seed = 43, steps = 3; attempt 1, "),
      "\(message)")
    #expect(!message.contains(folder.path))
    broken.jobs[0].attempt?.artifacts[0].path = folder.path + "/nothing.png"
    let missing = #expect(throws: ReportError.self) { try ReportPage(broken) }
    #expect(
      missing?.message.contains("its file is missing from the store") == true
        && missing?.message.contains(folder.path) == false)
  }

  @Test func `a failed job shows the last lines of its log, and no path of this machine`() throws {
    var results = try SampleResults.experiment(seeds: [43], report: SampleResults.table1)
    let message =
      "timing (seed=43), attempt 1: the command ended with exit code 1; the last lines of /home/me/results/attempts/1/stderr:\n"
      + "    Traceback (most recent call last):\n      File \"train.py\", line 3\n    ValueError: `x` | <b> ```"
    results.spoil("timing", trial: 0, message: message)
    let page = try ReportPage(results)
    for text in [page.markdown, page.html] {
      #expect(text.contains("Traceback (most recent call last):") && text.contains("File "))
      #expect(!text.contains("/home/me") && !text.contains("the last lines of"))
    }
    #expect(
      page.markdown.contains(
        "\n````\nTraceback (most recent call last):\n  File \"train.py\", line 3\nValueError: `x` | <b> ```\n````\n"))
    #expect(page.html.contains("ValueError: `x` | &lt;b&gt; ```</pre>"))
    results.spoil("timing", trial: 0, message: "timing, attempt 1: exit code 2; the log is /home/me/1/stderr (empty)")
    #expect(try !ReportPage(results).markdown.contains("/home/me"))
  }
}
