import ExperimentSpec
import JSON
import JobGraph
import Testing

@Suite struct `Selections of jobs` {
  private func labels(_ conditions: [String]) throws -> [String] {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let (selection, diagnostics) = plan.selection(conditions)
    #expect(diagnostics.map(\.message) == [])
    let chosen = try #require(selection)
    let indices = plan.jobs.indices.filter { chosen.isIncluded[$0] }
    #expect(chosen.count == indices.count)
    return indices.map(plan.label(ofJob:))
  }

  @Test func `a stage is selected with what it needs`() throws {
    #expect(
      try labels(["stage=distance"]) == [
        "#0 coarse seed=43", "#1 coarse seed=44", "#2 coarse seed=45", "#3 refine seed=43 steps=2",
        "#4 refine seed=43 steps=3", "#5 refine seed=44 steps=2", "#6 refine seed=44 steps=3",
        "#7 refine seed=45 steps=2",
        "#8 refine seed=45 steps=3", "#12 distance steps=2", "#13 distance steps=3",
      ])
  }

  @Test func `conditions on different names must all hold, those on one name add up`() throws {
    #expect(
      try labels(["stage=refine", "steps=3", "seed=43", "seed=45"]) == [
        "#0 coarse seed=43", "#2 coarse seed=45", "#4 refine seed=43 steps=3", "#8 refine seed=45 steps=3",
      ])
    #expect(try labels(["stage=coarse", "stage=refine", "seed=[43]", "steps=[0]"]) == ["#0 coarse seed=43"])
  }

  @Test func `a value alone selects every stage that serves it`() throws {
    #expect(
      try labels(["steps=0.0"]) == ["#0 coarse seed=43", "#1 coarse seed=44", "#2 coarse seed=45", "#9 timing steps=0"])
  }

  @Test(arguments: [
    ("stage=timng", "unknown stage 'timng' in a selection", 7, "timing"),
    ("stpes=2", "unknown name 'stpes' in a selection", 1, "steps"),
    ("seed=430", "unknown value '430' of axis 'seed' in a selection", 6, "43"),
    ("steps", "a selection needs a name and a value", 1, ""), ("steps=", "a selection needs a name and a value", 1, ""),
  ])
  func `a wrong condition is a diagnostic`(condition: String, message: String, column: Int, suggestion: String) throws {
    let (selection, diagnostics) = try Fixtures.plan(Fixtures.pipeline).selection([condition])
    #expect(selection == nil)
    let first = try #require(diagnostics.first)
    #expect(first.code == .unknownSelection && first.message == message)
    #expect(first.place.file == "--only" && first.place.location.column == column)
    #expect(first.suggestion ?? "" == suggestion)
  }

  @Test func `conditions that no job fits are a diagnostic`() throws {
    let (selection, diagnostics) = try Fixtures.plan(Fixtures.pipeline).selection(["stage=refine", "steps=0"])
    #expect(selection == nil)
    #expect(diagnostics.map(\.message) == ["no job fits all of these conditions"])
  }

  @Test func `pictures show the selected jobs alone`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let selection = plan.selection(["stage=refine", "seed=43", "steps=2"]).selection
    #expect(
      plan.graphText(of: selection) == """
        9 trials, 2 of 14 jobs in 2 stages
          coarse  1 job  w/generate
          refine  1 job  w/refine    after coarse

        """)
    let dot = plan.dot(of: selection)
    #expect(dot.contains("  j0 -> j3;\n") && !dot.contains("j4"))
    #expect(plan.svg(of: selection).split(separator: "class=\"box\"").count == 3)
  }
}
