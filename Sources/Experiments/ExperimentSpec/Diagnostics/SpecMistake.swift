import JSON

/// What is wrong with a spec, apart from how it is said, which is in `SpecMistake+Wording.swift`.
///
/// A value is named by the phrase that messages call it by, such as `'retries' of stage 'coarse'`.
enum SpecMistake {
  // MARK: Files

  case syntax(String)
  case overrideSyntax(String, first: Character)
  case emptyFile
  case unreadableSpec(reason: String, SpecFile.Advice)
  case unreadableExtended(file: String, reason: String, SpecFile.Advice)
  case namelessExtension
  case longChainOfSpecs
  case circleOfSpecs([String])
  case nothingToRemove(name: String, file: String, known: [String])
  case notTold(count: Int, Diagnostic.Severity)

  // MARK: Values of any kind

  case wrongType(_ value: String, expected: String, found: String)
  case empty(_ value: String, expected: String? = nil)
  case missingMember(String, of: String)
  case duplicateMember(String)
  case tooManyParts(_ value: String, count: Int, limit: Int)
  case integerOutOfRange(_ value: String, is: Int64, ClosedRange<Int>)
  case numberOutOfRange(_ value: String, is: Double, ClosedRange<Double>)
  case notAboveZero(_ value: String)
  case belowZero(_ value: String)
  case unknownWord(_ value: String, is: String, known: [String])
  case notADuration(_ value: String)
  case tooShort(_ value: String, allowsZero: Bool)
  case tooLong(_ value: String)
  case notAnAmountOfMemory(_ value: String)
  case nulCharacter
  case controlCharacterInPath(_ value: String)

  // MARK: Names

  /// A name that is not known; `whole` follows it in the message.
  case unknownName(DiagnosticCode, kind: String, String, known: [String], whole: String)
  case impossibleName(String, of: String)
  case longName(bytes: Int, of: String)
  case impossibleFileName(String, of: String, problem: String)
  case nameOfReportPage(String)
  case controlCharacterInName(of: String)
  case longFreeName(bytes: Int, of: String)
  case unusableFreeName(String, of: String, expected: String)
  case sameLookingName(String)
  case impossibleVariable(String)
  case reservedVariable(String)
  case sharedVariable(kind: String, String, String, variable: String)
  case sharedPoolVariable(pools: String, String, variable: String)
  case impossibleIndex(String, of: String)
  case nameOfBuiltInVariable(String)
  case nameOfTwoThings(String, kinds: String, String)

  // MARK: Axes and trials

  case unequalLengths(axis: String, Int, first: String, Int)
  case tooManyAxisValues(_ axis: String, count: Int)
  case repeatedValue(JSONValue, of: String)
  case rangeWithoutStep(String)
  case emptyRange(String)
  case longRange(String)
  case indistinctRange(String)
  case noSuchValue(JSONValue, axis: String, in: String)
  case matchesEverything(String)
  case incompleteTrial(missing: [String])

  // MARK: Stages

  case noAction(stage: String)
  case incompleteTask(String, stage: String)
  case misplaced(String, of: String, Misplacement)
  case tooFewCompared(stage: String)
  case outputOutside(String, stage: String)
  case outsideProject(String, in: String)
  case beyondPool(_ value: String, amount: Int, pool: String, size: Int)
  case circleOfStages([String])
  case rareArtifact(String, stage: String, nearest: String)
  case limitWithoutPrecision(measurement: String)
  case limitBelowRepetitions(measurement: String, limit: Int, repetitions: Int)

  // MARK: Variables

  case variableWithoutEnd
  case notAVariable(String)
  case circleOfParameters([String])
  case largeValue(String, bytes: Int)
  case deepValue(String, depth: Int)
  case collectedVariable(String, stage: String, axis: String)
  case varyingVariable(String, whole: String)
  case compositeInText(String)

  // MARK: Overrides

  case incompleteOverride
  case longOverridePath(count: Int)
  case overriddenExtends
  case overrideOfOtherType(_ value: String, expected: String, found: String)
  case memberOfScalar(String, path: [String], kind: String)
  case presentMember(String)
  case unknownPath(String, known: [String])

  /// Why a member does not belong to a stage.
  enum Misplacement {
    case taskAndCommand, taskAndComparison, commandAndComparison, outputsOfTask, parametersOfCommand, folderOfTask
    case folderOfComparison
  }
}

/// What is to be seen at a further place of a mistake.
enum SpecNote {
  case firstOne, otherOne, axis, valueInSpec
  case named(String)
  case kind(String)
  case need(of: String, String)
  case unclosed(open: String, close: String)
}
