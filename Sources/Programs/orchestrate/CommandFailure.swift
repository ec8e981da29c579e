import ArgumentParser
import Foundation
import Printing
import RunSession
import Scheduling

/// A command that cannot go on because of what the user gave it: a message for standard error and an exit status.
struct CommandFailure: Error, CustomStringConvertible {
  /// The message, without a line end.
  let description: String
  /// The exit status.
  let status: Int32

  init(_ message: String, status: Int32 = 2) {
    description = message
    self.status = status
  }

  /// A message without what nobody reads of its lines: a value in it may have any length.
  static func shortened(_ message: String) -> String { message.abbreviatedLines(to: 2000) }
}

/// Runs the body of a command and turns its errors into a message on standard error and an exit status.
///
/// - Parameters:
///   - format: How mistakes of a spec are printed.
///   - body: What the command does.
/// - Throws: `ExitCode`.
func reportingFailures(_ format: MessageFormat = .text, _ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch let failure as CommandFailure {
    Terminal.writeError(failure.description + "\n")
    throw ExitCode(failure.status)
  } catch SessionError.mistakes(let diagnostics) {
    Terminal.writeError(format.text(of: diagnostics).trimmingCharacters(in: .newlines) + "\n")
    throw ExitCode(2)
  } catch let error as SessionError {
    Terminal.writeError("error: \(error)\n")
    throw ExitCode(2)
  } catch let code as ExitCode {
    throw code
  } catch let error as OutputError where error.isBrokenPipe {
    throw ExitCode(OutputError.brokenPipeStatus)
  } catch let error as SchedulingError where error.fault == .machine {
    // Nothing that was asked for is wrong.
    Terminal.writeError("error: \(error)\n")
    throw ExitCode(1)
  } catch {
    Terminal.writeError(CommandFailure.shortened("error: \(error)") + "\n")
    throw ExitCode(2)
  }
}
