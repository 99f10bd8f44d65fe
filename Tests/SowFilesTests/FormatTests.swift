import SowFiles
import SowModel
import SowTestSupport
import Testing

struct FormatTests {
  struct Case: CustomTestStringConvertible {
    var what: String
    var before: String
    var after: String
    var path = "plan.yaml"
    var testDescription: String { what }
  }

  static let cases = [
    Case(
      what: "keys of a plan and of an operation come in their order",
      before: """
        operations:
          a:
            values: { x: 1 }
            depends_on: [b]
            entity: e   # which
            # what it does
            action: create
            unknown: 1
            description: d
        variables: { v: { type: string } }
        plan: p
        """,
      after: """
        plan: p
        variables: { v: { type: string } }
        operations:
          a:
            description: d
            # what it does
            action: create
            entity: e   # which
            values: { x: 1 }
            depends_on: [b]
            unknown: 1

        """),
    Case(
      what: "a batch request becomes a mapping with today's names",
      before: """
        operations:
          # first
          - id: a       # its name
            action: create
            entity: e
            store_params: { n: "5", s: "x" }
          - { id: b, action: read, entity: e, query_params: { id: 1 }, metadata_params: { __limit: 5, __sort: "-n", __properties: [n] } }
        options: { continueOnError: true }
        """,
      after: """
        options: { on_error: continue }
        operations:
          # first
          a:       # its name
            action: create
            entity: e
            values: { n: "5", s: x }
          b: { action: read, entity: e, where: { id: 1 }, select: [n], sort: "-n", limit: 5 }

        """),
    Case(
      what: "a list with an item without id stays a list",
      before: "operations: [{store_params: {x: 1}, action: create, entity: e}]\n",
      after: "operations:\n  - { action: create, entity: e, values: { x: 1 } }\n"),
    Case(
      what: "two items of one id stay a list",
      before: "operations:\n- {id: a, action: read}\n- {id: a, action: read}\n",
      after: "operations:\n  - { id: a, action: read }\n  - { id: a, action: read }\n"),
    Case(
      what: "with anchors, order and names stay",
      before: "operations:\n    - id: a\n      store_params: &v {x:   1}\n      action: create\n"
        + "    - id: b\n      store_params:   *v\n",
      after: "operations:\n  - id: a\n    store_params: &v { x: 1 }\n    action: create\n"
        + "  - id: b\n    store_params: *v\n"),
    Case(
      what: "names that are taken are not given twice",
      before: "operations:\n  a: { values: { x: 1 }, store_params: { y: 2 }, limit: 1, "
        + "metadata_params: { __limit: 2 } }\n",
      after: "operations:\n  a: { values: { x: 1 }, limit: 1, store_params: { y: 2 }, "
        + "metadata_params: { __limit: 2 } }\n"),
    Case(
      what: "quotes stand where they are needed",
      before: """
        a: 'text'
        b: "NO"
        c: '01234'
        d: "1.10"
        e: 'it''s'
        f: "a\\\\b"
        g: "tab\\t"
        h: "2026-01-02"
        i: NO
        j: "x: y"
        k: ["a, b", "c"]
        l: !!str 12
        "m": "null"
        """,
      after: """
        a: text
        b: "NO"
        c: "01234"
        d: "1.10"
        e: it's
        f: a\\b
        g: "tab\\t"
        h: "2026-01-02"
        i: NO
        j: "x: y"
        k: ["a, b", c]
        l: "12"
        m: "null"

        """),
    Case(
      what: "brackets that do not fit become lines",
      before: "a: {x: [\(String(repeating: "word, ", count: 20))end], y: 1}\nb: { x: [1,\n 2] }\n",
      after: "a:\n  x:\n\(String(repeating: "    - word\n", count: 20))    - end\n  y: 1\n"
        + "b: { x: [1, 2] }\n"),
    Case(
      what: "texts of several lines keep them",
      before:
        "a: >+\n     one\n       two\n\n\nb: |-\n    x\nc: one\n     two\nd: \"one\n\n  two\"",
      after: "a: >+\n  one\n    two\n\n\nb: |-\n  x\nc: one\n  two\nd: \"one\n\n  two\"\n"),
    Case(
      what: "a text that ends with the file has no line break at its end",
      before: "a: |\n  x", after: "a: |-\n  x\n"),
    Case(
      what: "blank lines collapse to one, at most",
      before: "\n\na: 1\n\n\n\n# c\n\n\nb:\n\n\n  c: 1\n\n\n  d: 2\n\n\n",
      after: "a: 1\n\n# c\n\nb:\n  c: 1\n\n  d: 2\n"),
    Case(
      what: "comments together at a column stay together",
      before: "aaaa: 'x'   # one\nb: 2        # two\nc: 3 # three\n\nd: 4     # four\n",
      after: "aaaa: x   # one\nb: 2      # two\nc: 3 # three\n\nd: 4     # four\n"),
    Case(
      what: "comments inside of brackets need lines",
      before: "a: [1, # one\n  2 # two\n  # end\n  ] # after\nb: { # head\n  x: 1, # c\n}\n",
      after: "a:\n  - 1 # one\n  - 2 # two\n  # end\n  # after\nb: # head\n  x: 1 # c\n"),
    Case(
      what: "a comment belongs to what it is indented like",
      before: "a:\n    b:\n        c: 1\n        # c\n    # b\n# next\nd: 1\n",
      after: "a:\n  b:\n    c: 1\n    # c\n  # b\n# next\nd: 1\n"),
    Case(
      what: "a comment at the top stays there when keys move",
      before: "# yaml-language-server: x\n\n# operations\noperations: { a: {} }\n\nplan: p\n",
      after: "# yaml-language-server: x\n\nplan: p\n\n# operations\noperations:\n  a: {}\n"),
    Case(
      what: "line ends, the byte order mark, markers and tabs go",
      before: "\u{FEFF}%YAML 1.2\r\n--- # start\r\na:\t1\t# c\r\nb: |\r\n  x\r\n...\r\n",
      after: "# start\na: 1 # c\nb: |\n  x\n"),
    Case(
      what: "JSON text in a YAML file becomes lines",
      before: #"{"a":{"b":["x",1]},"c":"\ud83d\ude00"}"#, after: "a: { b: [x, 1] }\nc: 😀\n"),
    Case(
      what: "JSON stays JSON",
      before:
        #"{"operations":[{"id":"a","store_params":{"n":"5","f":1.50,"e":""},"action":"create"}]}"#,
      after: """
        {
          "operations": {
            "a": { "action": "create", "values": { "n": "5", "f": 1.50, "e": "" } }
          }
        }

        """, path: "plan.json"),
    Case(
      what: "a key that is too long for its line is explicit",
      before: "? \(String(repeating: "k", count: 1100))\n: 1\n",
      after: "? \(String(repeating: "k", count: 1100))\n: 1\n"),
    Case(
      what: "an anchor of the whole file stays",
      before: "# c\n&a  \nplan:   p\noperations: {a: {}}\n",
      after: "# c\n&a\nplan: p\noperations:\n  a: {}\n"),
    Case(what: "nothing but comments stays", before: "#  a\n\n\n", after: "#  a\n\n\n"),
  ]

  @Test(arguments: cases)
  func `a file is written in its form, once`(sample: Case) {
    let once = formatted(sample.before, path: sample.path)
    #expect(once.codes.isEmpty)
    #expect(once.text == sample.after)
    #expect(formatted(sample.after, path: sample.path).text == sample.after)
  }

  @Test(arguments: [
    ("a: 1\na: 2\n", "plan.yaml", "duplicate-key"), ("a: [1\n", "plan.yaml", "yaml-syntax"),
    ("a: 1\n---\nb: 2\n", "plan.yaml", "several-documents"),
    ("? [a]\n: 1\n", "plan.yaml", "key-not-scalar"), ("a: !x 1\n", "plan.yaml", "unknown-tag"),
    ("a: *b\n", "plan.yaml", "unknown-alias"),
    (#"{"a": 1} # c"#, "plan.json", "not-json"), (#"{"a": 01}"#, "plan.json", "not-json"),
    (#"{"a": &x 1}"#, "plan.json", "not-json"), (#"&x {"a": 1}"#, "plan.json", "not-json"),
    (#"{"a": [1, # c"# + "\n2]}", "plan.json", "not-json"),
    (#"{"operations": {"a": {} } # c"# + "\n}", "plan.json", "not-json"),
  ])
  func `what is not valid is told and not written`(text: String, path: String, code: String) {
    let result = formatted(text, path: path)
    #expect(result.text == nil)
    #expect(result.codes == [code])
  }

  @Test(arguments: HostilePlan.allCases.filter { $0 != .longCycle })
  func `a hostile file is refused, and fast`(plan: HostilePlan) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/plan.yaml"
    try plan.write(to: path)
    var files = SourceFiles()
    var found = Diagnostics()
    let project = Project(root: folder.path, environments: [])
    let start = ContinuousClock.now
    let result = FormattedFile.format(
      path: path, project: project, files: &files, diagnostics: &found)
    #expect(result == nil)
    #expect(found.all.first?.range != nil)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `the project's own files are in their form`() throws {
    var files = SourceFiles()
    var found = Diagnostics()
    let project = Project(root: PackageFolder.path(), environments: [])
    let paths = FormattedFile.paths(of: project, shownRoot: PackageFolder.path())
    #expect(paths.count > 10)
    for path in paths {
      let result = FormattedFile.format(
        path: path, project: project, files: &files, diagnostics: &found)
      #expect(result?.isChange == false, "\(path)")
    }
    #expect(found.isEmpty)
  }

  @Test func `twice the operations take about twice the time`() {
    func seconds(_ count: Int) -> Double {
      let text = "operations:\n" + (0..<count).map { "    op\($0): { entity: 'e' } # c\n" }.joined()
      let start = ContinuousClock.now
      #expect(formatted(text).text != nil)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    _ = seconds(200)
    let small = min(seconds(1_000), seconds(1_000))
    #expect(seconds(8_000) < small * 24)
  }
}
