import JSON
import Testing

@Suite struct `JSON values` {
  @Test func `members keep their order and integers stay integers`() throws {
    let value = try JSONValue(parsing: #"{"b": 1, "a": [1.0, -2, 1e3, true, false, null, "x"]}"#)
    #expect(value.compactText == #"{"b":1,"a":[1.0,-2,1000.0,true,false,null,"x"]}"#)
    #expect(CanonicalJSON.text(of: value) == #"{"a":[1.0,-2,1000.0,true,false,null,"x"],"b":1}"#)
    #expect(value["b"]?.intValue == 1)
    #expect(value["a"]?[0]?.intValue == nil)
    #expect(value["a"]?[0]?.doubleValue == 1)
    #expect(value["c"] == nil)
  }

  @Test func `the order of members does not count in comparisons`() throws {
    let first = try JSONValue(parsing: #"{"a":1,"b":{"x":[1],"y":2}}"#)
    let second = try JSONValue(parsing: #"{"b":{"y":2,"x":[1]},"a":1}"#)
    #expect(first == second)
    #expect(first.hashValue == second.hashValue)
    #expect(first != ["a": 1, "c": 2])
    #expect(JSONValue.integer(1) != .number(1))
  }

  @Test func `escapes and surrogate pairs are decoded and written back`() throws {
    let value = try JSONValue(parsing: #""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#)
    #expect(value == .string("a\"\\/\u{8}\u{C}\n\r\té😀é"))
    #expect(try JSONValue(parsing: value.compactText) == value)
  }

  @Test func `values that are not finite survive as names`() throws {
    for number in [Double.infinity, -.infinity, 1e-7, .leastNonzeroMagnitude, -0.0, 0.1] {
      let parsed = try JSONValue(parsing: JSONValue.real(number).compactText)
      #expect(parsed.realValue == number)
    }
    #expect(JSONValue.real(.nan).realValue?.isNaN == true)
    #expect(CanonicalJSON.text(of: .number(.nan)) == "\"NaN\"")
  }

  @Test func `setting a member replaces, adds and removes`() {
    var value: JSONValue = ["a": 1, "b": 2]
    value["a"] = "x"
    value["c"] = nil
    value["d"] = [1]
    value["b"] = nil
    #expect(value.compactText == #"{"a":"x","d":[1]}"#)
    #expect(JSONValue.object([("a", [])]).prettyText == "{\n  \"a\": []\n}")
  }

  @Test(arguments: [
    ("", "1:1: the text ends where a value was expected"),
    ("{\"a\": tru}", "1:7: found 'tru' where a value was expected"),
    ("{\"a\" 1}", "1:6: found '1' where ':' after the key 'a' was expected"),
    ("[1 2]", "1:4: found '2' where ',' or ']' was expected"),
    ("[1,]", "1:3: a comma before the closing bracket"),
    ("{\n  \"a\": 1,\n  \"a\": 2}", "3:3: the member 'a' occurs twice in one object"),
    ("\"größe\" x", "1:9: found 'x' where the end of the text was expected"),
    ("01", "1:1: a number must not begin with a zero"),
    ("-", "1:1: a minus sign without a number"),
    ("1.", "1:1: a decimal point needs a digit behind it"),
    ("1e", "1:1: an exponent needs a digit"),
    ("9223372036854775808", "1:1: the integer does not fit 64 bits; write it as a string"),
    ("1e999", "1:1: the number is beyond the range of a double"),
    ("\"a\nb\"", "1:1: a string without its end '\"'"),
    ("\"a\u{1}\"", "1:3: a control character in a string must be written as \\u00XX"),
    ("\"\\q\"", "1:2: an unknown escape; write '\\\\' for a backslash"),
    ("\"\\ud800\"", "1:2: half of a surrogate pair"),
    ("\"\\u12\"", "1:2: '\\u' needs four hexadecimal digits"),
    ("// x\n1", "1:1: comments are not allowed here"),
    ("{1: 2}", "1:2: found '1' where a key or '}' was expected"),
    ("[", "1:2: the text ends where a value was expected"),
  ])
  func `a mistake is reported at its place`(text: String, message: String) {
    do throws(JSONError) {
      _ = try JSONValue(parsing: text)
      Issue.record("no error for \(text)")
    } catch {
      #expect(error.description == message)
    }
  }

  @Test func `extreme integers, deep nesting and bytes that are not UTF-8`() throws {
    #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(.min))
    #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
    _ = try JSONValue(parsing: String(repeating: "[", count: 256) + String(repeating: "]", count: 256))
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF, 0x31]) == 1)
  }

  @Test func `every cut of a text is an error and never a trap`() {
    let text = Array(#"{"a": [1.5e3, "\u00e9\ud83d\ude00", {"b": null}], "c": -1, "d": false}"#.utf8)
    for length in 0..<text.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<length])) }
    }
  }

  @Test func `the words that Python writes for numbers that are none are read where measurements are`() throws {
    let text = #"{"a": NaN, "b": [Infinity, -Infinity, -1], "c": "NaN"}"#
    let value = try JSONValue(parsing: text, dialect: .measured)
    #expect(value["a"]?.doubleValue?.isNaN == true)
    #expect(value["b"] == [.number(.infinity), .number(-.infinity), -1])
    #expect(value["c"] == "NaN")
    for dialect in [JSONDialect.strict, .relaxed] {
      #expect(throws: JSONError.self) { try JSONValue(parsing: text, dialect: dialect) }
    }
  }

  @Test(arguments: [
    "nan", "NAN", "Nan", "Inf", "+Infinity", "-NaN", "- Infinity", "Infinity1", "NaN,", "-", "[1,]", "I",
  ])
  func `nothing else is such a word`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text, dialect: .measured) }
  }
}
