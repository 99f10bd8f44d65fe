import Foundation
import SowTestSupport
import Testing

/// Input that means harm, against the built binary: one clear answer, soon, in bounded memory.
struct HostileInputTests {
  @Test(arguments: HostilePlan.allCases)
  func `a hostile plan ends in a diagnostic with a position`(plan: HostilePlan) throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    let schema = "type: object\nproperties: { name: { type: string } }\n"
    try project.write(schema, to: "schemas/item.yaml")
    try project.write("", to: "plans/plan.yaml")
    try plan.write(to: project.folder.appending(path: "plans/plan.yaml").path)

    let output = try project.run("exec sow apply --yes")

    #expect(output.code == 3, "\(output.errors.prefix(500))")
    #expect(output.errors.contains(#/plans/plan\.yaml:\d+:\d+: error\[[a-z0-9-]+\]: /#))
    #expect(output.errors.utf8.count < 100_000)
    #expect(output.ending.peakMemory <= max(500_000_000, ChildProcess.ownPeakMemory()))
    // The promise of a second is measured on the release build by `make bench`.
    #expect(output.ending.seconds < 30)
    let made = try FileManager.default.contentsOfDirectory(atPath: project.folder.path)
    #expect(made.sorted() == ["plans", "schemas"])
  }
}
