import ArgumentParser
import SowFiles
import SowModel
import SowTestSupport
import Testing

@testable import sow

struct ProjectTests {
  // MARK: The project's root

  @Test func `the nearest sow.yaml upwards is the project`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("", to: "shop/sow.yaml")
    _ = try folder.write("", to: "shop/plans/a.yaml")
    let workspace = try #require(
      self.workspace(around: folder.path + "/shop/plans", in: folder.path))
    #expect(workspace.project.root == folder.path + "/shop")
    #expect(workspace.shownRoot == folder.path + "/shop")
    #expect(
      self.workspace(around: folder.path + "/shop/plans", in: folder.path + "/shop")?.shownRoot
        == ".")
    #expect(
      self.workspace(around: folder.path + "/shop/plans", in: folder.path + "/shop/plans")?
        .shownRoot == "..")
  }

  @Test(arguments: [
    ("plans/deep", "", ""), ("plans", "elsewhere", ""), ("single", "elsewhere", "single"),
  ])
  func `without sow.yaml it is the current folder, or the one that holds the plan`(
    plan: String, current: String, root: String
  ) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("", to: plan + "/a.yaml")
    _ = try folder.write("", to: "elsewhere/b.yaml")
    func path(_ name: String) -> String { name.isEmpty ? folder.path : folder.path + "/" + name }
    let workspace = workspace(around: path(plan), in: path(current))
    #expect(workspace?.project.root == path(root))
  }

  private func workspace(around folder: String, in current: String) -> Workspace? {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    return Workspace(around: folder, current: current, files: &files, diagnostics: &diagnostics)
  }

  // MARK: Variables

  @Test func `a variable is the command line's, then the file's, then the environment's`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a: file\nb: file\nodd: 1\n", to: "variables.yaml")
    let options = try VariableOptions.parse(["--var", "a=x=y", "--var-file", path])
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let sample = SampleFile("sow.yaml", "a b c")
    var environment = Environment(name: "local", range: nil, database: nil)
    environment.variables = ["a", "b", "c"].map { name in
      Node.Entry(
        key: Located(name, at: sample.range(of: name)),
        value: Node(.scalar(Scalar("environment")), at: sample.range(of: name)))
    }
    let given = GivenVariables(
      options, environment: environment, limit: 1_000, files: &files, diagnostics: &diagnostics)
    #expect(
      given.values.mapValues { $0.scalar?.text } == [
        "a": "x=y", "b": "file", "c": "environment", "odd": "1",
      ])
    #expect(diagnostics.isEmpty)

    var plan = Plan(name: "p", range: sample.range(of: "a"), path: "p.yaml", isFolder: false)
    plan.variables = [
      Plan.Variable(
        name: Located("b", at: sample.range(of: "b")), type: .string, defaultValue: nil,
        isSensitive: false)
    ]
    given.reportUndeclared(among: [plan], into: &diagnostics)
    #expect(
      diagnostics.all.map { "\($0.severity) \($0.message)" } == [
        "error no plan of this run declares the variable \"a\"",
        "warning no plan of this run declares the variable \"a\"",
        "warning no plan of this run declares the variable \"odd\"",
      ])
  }

  // MARK: Files

  @Test func `a pending file appears whole, or not at all`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/report.json"
    do {
      let file = try PendingFile(at: path)
      file.outlet.write("half")
    }
    #expect(!fileExists(path))
    let file = try PendingFile(at: path)
    file.outlet.write("whole")
    try file.finish()
    #expect(smallFile(path) == "whole")
    #expect(throws: FileProblem.self) { _ = try PendingFile(at: folder.path + "/no/report.json") }
  }

  @Test func `the commit is read from the repository's files`() throws {
    let name = "0123456789abcdef0123456789abcdef01234567"
    let folder = try TemporaryFolder()
    _ = try folder.write("ref: refs/heads/main\n", to: ".git/HEAD")
    _ = try folder.write("", to: "plans/deep/a.yaml")
    #expect(gitCommit(around: folder.path + "/plans/deep").isEmpty)
    _ = try folder.write("# packed\n\(name) refs/heads/main\n", to: ".git/packed-refs")
    #expect(gitCommit(around: folder.path + "/plans/deep") == name)
    let newer = String(name.reversed())
    _ = try folder.write(newer + "\n", to: ".git/refs/heads/main")
    #expect(gitCommit(around: folder.path) == newer)
    _ = try folder.write(name + "\n", to: ".git/HEAD")
    #expect(gitCommit(around: folder.path) == name)
    // A worktree has a file that names its part of the repository.
    _ = try folder.write("gitdir: ../.git/worktrees/other\n", to: "other/.git")
    _ = try folder.write("ref: refs/heads/main\n", to: ".git/worktrees/other/HEAD")
    _ = try folder.write("../..\n", to: ".git/worktrees/other/commondir")
    #expect(gitCommit(around: folder.path + "/other") == newer)
  }

  // MARK: The command line

  @Test(arguments: [
    ["plan", "--var", "x"], ["plan", "--var", "=x"], ["plan", "-q", "-v"],
    ["plan", "--lock-timeout", "-1"], ["plan", "--lock-timeout", "nan"],
    ["plan", "--timeout", "1"],
    ["apply", "--timeout", "-1"], ["run", "r.json", "--timeout", "inf"],
    ["plan", "--yes"],
    ["plan", "--database", ""], ["plan", "-f", "xml"], ["plan", "--color", "blue"],
    ["apply", "--allow-deletes", "-1"], ["apply", "--allow-deletes", "many"],
    ["apply", "--report", ""], ["apply", "--detailed-exitcode"], ["validate", "--database", "x"],
    ["validate", "--lockfile", "x"], ["run"], ["run", "a", "b"], ["run", "a", "--lockfile", "x"],
    ["ledger", "show"], ["ledger", "list", "--var", "a=b"], ["lock", "check", "--adopt"],
    ["lock", "write", "--show-sensitive"], ["explain", "a", "b"], ["explain", "--verbose"],
  ])
  func `an option that means nothing is a usage error`(arguments: [String]) {
    let context = ProcessContext(environment: [:], output: nil, errors: nil)
    #expect(Sow.run(arguments, in: context) == .usage)
  }
}
