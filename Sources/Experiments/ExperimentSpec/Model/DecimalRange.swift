import JSON

/// The values from one number to another in equal steps, exact to the digits in which the three are written.
struct DecimalRange {
  /// Why there are no values.
  enum Fault: Error {
    /// The step is zero.
    case noStep
    /// The end lies before the beginning.
    case empty
    /// There are more values than an axis may have.
    case tooMany
    /// The three numbers together have more digits than can be reckoned with, or the values more than a number holds.
    case tooManyDigits
  }

  /// All values: integers if beginning and step are, otherwise doubles.
  let values: [JSONValue]

  /// Reckons the values.
  ///
  /// - Parameters:
  ///   - from: The first value, a number.
  ///   - to: The greatest, or with a negative step the least, that may occur.
  ///   - by: The step.
  /// - Throws: What keeps the values from being there.
  init(from: JSONValue, to: JSONValue, by: JSONValue) throws(Fault) {
    guard let first = ExactDecimal(from), let last = ExactDecimal(to), let step = ExactDecimal(by) else {
      throw .tooManyDigits
    }
    guard step.significand != 0 else { throw .noStep }
    // Zero has no digits of its own.
    let exponent = [first, last, step].filter { $0.significand != 0 }.map(\.exponent).min() ?? 0
    guard let start = first.significand(forExponent: exponent), let end = last.significand(forExponent: exponent),
      let width = step.significand(forExponent: exponent)
    else {
      // What differs by so many digits has far too many steps between, or none.
      throw .tooManyDigits
    }
    let (distance, overflow) = end.subtractingReportingOverflow(start)
    guard !overflow else { throw .tooManyDigits }
    guard distance == 0 || (distance > 0) == (width > 0) else { throw .empty }
    let steps = distance / width
    guard steps < SpecLimit.axisValues else { throw .tooMany }
    let isWhole = from.integerValue != nil && by.integerValue != nil
    var values: [JSONValue] = []
    values.reserveCapacity(Int(steps) + 1)
    for step in 0...steps {
      let value = start + step * width
      if isWhole {
        // Exponents of integers are not negative.
        guard let whole = Self.integer(value, exponent: exponent) else { throw .tooManyDigits }
        values.append(.integer(whole))
      } else {
        guard let real = Double("\(value)e\(exponent)"), real.isFinite else { throw .tooManyDigits }
        // A step below the last binary digit gives the same double twice.
        if case .number(real)? = values.last { throw .tooManyDigits }
        values.append(.number(real))
      }
    }
    self.values = values
  }

  private static func integer(_ significand: Int128, exponent: Int) -> Int64? {
    var value = significand
    if exponent < 0 {
      for _ in exponent..<0 { value /= 10 }
    } else {
      for _ in 0..<exponent {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        value = product
      }
    }
    return Int64(exactly: value)
  }
}
