import Foundation
import SowTestSupport
import Testing

/// The law of every sample: it validates, applies, and then has nothing left to do.
struct SampleTests {
  static func samples() throws -> [String] {
    let plans = PackageFolder.path() + "/plans"
    return try FileManager.default.contentsOfDirectory(atPath: plans)
      .filter { !$0.hasPrefix(".") }
      .sorted()
  }

  @Test(arguments: try samples(), [false, true])
  func `a sample validates, applies and re-applies`(sample: String, onServer: Bool) throws {
    let project = try TemporaryProject()
    defer { project.remove() }
    let package = URL(filePath: PackageFolder.path())
    for folder in ["plans", "schemas", "sow.yaml"] {
      try FileManager.default.copyItem(
        at: package.appending(path: folder), to: project.folder.appending(path: folder))
    }
    if onServer { try ServerDatabases().enter(project) }
    for command in ["validate", "apply --yes", "plan --detailed-exitcode", "apply --yes"] {
      let verb = command.split(separator: " ", maxSplits: 1)
      let options = verb.dropFirst().joined()
      let output = try project.run("sow \(verb[0]) plans/\(sample) \(options)")
      #expect(output.code == 0, "sow \(command)\n\(output.out)\(output.errors)")
    }
  }
}
