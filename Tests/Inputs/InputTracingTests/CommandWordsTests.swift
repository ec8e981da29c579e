import InputTracing
import Testing

@Suite struct CommandWordsTests {
  @Test func `every word, the right side of an assignment and the words of a shell's text may be paths`() {
    let words = CommandWords(["env", "A=1", "sh", "-ec", "python3 -u -m pkg.sub --config=c.yaml <in.txt && ./x"])
    for path in ["A=1", "1", "sh", "-ec", "python3", "--config=c.yaml", "c.yaml", "in.txt", "./x"] {
      #expect(words.paths.contains(path), "\(path)")
    }
    #expect(!words.paths.contains("env"))
    #expect(words.modules == ["pkg.sub"])
  }

  @Test(arguments: [
    (["python3", "-m", "pkg"], ["pkg"]), (["python3.11", "-W", "ignore", "-m", "pkg"], ["pkg"]),
    (["python3", "script.py", "-m", "value"], []), (["grep", "-m", "1"], []), (["python3", "-m"], []),
  ])
  func `a module is what stands behind -m of Python`(words: [String], modules: [String]) {
    #expect(CommandWords(words).modules == modules)
  }
}
