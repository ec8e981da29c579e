/// What kinds of mistakes there are; the raw value is what users see and tools may rely on.
public enum DiagnosticCode: String, Sendable, Hashable, CaseIterable {
  /// A file that cannot be read.
  case unreadableFile = "spec.unreadable-file"
  /// Text that is not JSON.
  case syntax = "spec.syntax"
  /// A member that the form does not know.
  case unknownMember = "spec.unknown-member"
  /// A member that must be there.
  case missingMember = "spec.missing-member"
  /// A member that occurs twice in an object.
  case duplicateMember = "spec.duplicate-member"
  /// A member that does not go with another one.
  case misplacedMember = "spec.misplaced-member"
  /// A value of the wrong type.
  case wrongType = "spec.wrong-type"
  /// A value outside its range or not among the allowed words.
  case outOfRange = "spec.out-of-range"
  /// A list or object that must not be empty.
  case empty = "spec.empty"
  /// A name with characters that names may not have.
  case invalidName = "spec.invalid-name"
  /// A name that is used for two things.
  case duplicateName = "spec.duplicate-name"
  /// A value that occurs twice on an axis, or a trial that is there twice.
  case duplicateValue = "spec.duplicate-value"
  /// A variable that is not defined.
  case unknownVariable = "spec.unknown-variable"
  /// A variable whose value is not one where the stage runs, because the stage collects it.
  case collectedVariable = "spec.collected-variable"
  /// A `${` without its end.
  case badInterpolation = "spec.bad-interpolation"
  /// A list or object in the middle of a text.
  case notText = "spec.not-text"
  /// A stage that is not defined.
  case unknownStage = "spec.unknown-stage"
  /// A worker that is not defined.
  case unknownWorker = "spec.unknown-worker"
  /// An axis that is not defined.
  case unknownAxis = "spec.unknown-axis"
  /// An artifact that a command does not declare.
  case unknownArtifact = "spec.unknown-artifact"
  /// An artifact whose name nearly is that of one that others take.
  case unusualArtifact = "spec.unusual-artifact"
  /// A `null` that removes what the extended spec does not have.
  case nothingToRemove = "spec.nothing-to-remove"
  /// A resource pool that is not declared, or an amount beyond it.
  case unknownResource = "spec.unknown-resource"
  /// A value that an axis does not have, so that nothing matches.
  case noMatch = "spec.no-match"
  /// An axis that a number would average over, or take for repetitions, although nobody says so.
  case pooledAxis = "spec.pooled-axis"
  /// Lists that must be equally long.
  case unequalLengths = "spec.unequal-lengths"
  /// Stages, parameters or specs that need each other.
  case cycle = "spec.cycle"
  /// A text that is not a duration.
  case badDuration = "spec.bad-duration"
  /// A value, a list or a number of parts beyond what a spec may have.
  case tooLarge = "spec.too-large"
  /// A character that a text may not have.
  case badCharacter = "spec.bad-character"
  /// More mistakes than are shown.
  case tooManyMistakes = "spec.too-many-mistakes"
  /// An override whose path leads nowhere.
  case unknownOverride = "spec.unknown-override"
  /// A choice of jobs that names no stage, axis or value of the experiment.
  case unknownSelection = "plan.unknown-selection"
  /// More trials or jobs than allowed.
  case tooManyJobs = "plan.too-many-jobs"
  /// No trial is left.
  case noTrials = "plan.no-trials"
  /// A task that its worker does not offer.
  case unknownTask = "plan.unknown-task"
  /// A worker whose versions are not known.
  case silentWorker = "plan.silent-worker"
  /// An input file that does not exist or cannot be read.
  case missingInput = "plan.missing-input"
  /// A stage that takes an artifact from one that has no job there.
  case missingProducer = "plan.missing-producer"
  /// Two stages that do the very same work.
  case sameWork = "plan.same-work"
}
