public import ArgumentParser
import Glibc
import Printing

/// The way into a command and out of the program, the same for all programs with subcommands.
///
/// What the library that reads the arguments would print itself repeats them as they are; here all of it passes through `Terminal`.
extension ParsableCommand {
  /// Returns the command that the program's arguments name; ends the program if they name none, or only ask for help.
  public static func commandOfArguments() -> any ParsableCommand {
    do {
      let words = try ProgramArguments.checked()
      if let mistake = CommandWord.mistake(in: words, of: self) { throw ValidationError(mistake) }
      return try parseAsRoot(words)
    } catch let error as ArgumentError {
      end(because: ValidationError(error.description))
    } catch {
      end(because: error)
    }
  }

  /// Ends the program because a command has thrown: with its message, if it is one that is not printed yet, and its exit status.
  ///
  /// - Parameter error: What was thrown; a wish for help is an error too.
  public static func end(because error: any Error) -> Never {
    let text = fullMessage(for: error).abbreviatedLines(to: longestLine)
    let status = exitCode(for: error)
    guard !text.isEmpty else { Glibc.exit(status.rawValue) }
    if status.isSuccess {
      do throws(OutputError) {
        try Terminal.write(text + "\n")
      } catch {
        Terminal.writeError("error: \(error)\n")
        Glibc.exit(error.isBrokenPipe ? OutputError.brokenPipeStatus : 2)
      }
    } else {
      Terminal.writeError(text + "\n")
    }
    Glibc.exit(status.rawValue)
  }
}

/// Characters of a line after which nobody reads on.
private let longestLine = 2000
