import SowModel
import Testing

@testable import sow

/// Findings as GitHub, Markdown and JUnit take them, with text that wants to be more than text.
struct FormTests {
  private let sample = SampleFile("a:b,100%.yaml", "operations:\n  bad: {}\nend\n")
  private let hostile = "a%b\r\nc:d,e\u{1B}[31m\u{202E}::error::x"

  private func diagnostics(_ problem: String) -> Diagnostics {
    var diagnostics = Diagnostics()
    diagnostics.report(.sampleWarning, at: nil)
    diagnostics.report(.sampleFailure, ["problem": problem], at: sample.range(of: "bad"))
    return diagnostics
  }

  // MARK: GitHub

  @Test func `an annotation is one command, whatever its texts hold`() {
    let text = written {
      GitHubAnnotations(files: sample.files).write(diagnostics(hostile), to: $0)
    }
    #expect(
      text == """
        ::warning title=sow%3A odd-thing::this is odd
        ::error file=a%3Ab%2C100%25.yaml,line=2,col=3,endLine=2,endColumn=6,\
        title=sow%3A row-refused::a%25b%0D%0Ac:d,e\\u{1b}[31m\\u{202e}::error::x

        """)
  }

  @Test func `an annotation ends on the last line that it holds something of`() {
    var found = Diagnostics()
    let start = SourcePosition(line: 1, column: 5)
    for end in [SourcePosition(line: 3, column: 1), SourcePosition(line: 3, column: 2)] {
      found.report(.sampleWarning, at: SourceRange(file: sample.file, start: start, end: end))
    }
    let text = written { GitHubAnnotations(files: sample.files).write(found, to: $0) }
    #expect(text.contains("line=1,col=5,endLine=2,title="))
    #expect(text.contains("line=1,col=5,endLine=3,title="))
  }

  @Test func `warnings can be left out of annotations`() {
    let text = written {
      GitHubAnnotations(files: sample.files, showsWarnings: false).write(diagnostics("x"), to: $0)
    }
    #expect(!text.contains("::warning"))
    #expect(text.hasPrefix("::error"))
  }

  @Test(arguments: [
    ("  + luis  a::b", "  + luis  a::b"), ("::error::x", "\\u{3a}:error::x"),
    ("   ::stop-commands::t", "   \\u{3a}:stop-commands::t"),
    ("\u{3000}::x::", "\u{3000}\\u{3a}:x::"),
    ("\"##[error]x\"", "\"##\\u{5b}error]x\""), ("###[group]", "###\\u{5b}group]"),
    ("#[a] # #[b]", "#[a] # #[b]"), ("", ""),
  ])
  func `no plain line is a command`(line: String, safe: String) {
    #expect(githubLine(line) == safe)
  }

  // MARK: Markdown

  @Test func `text in a comment is code, and nothing else`() {
    let code = markdownCode("a|b`c`*_<img>&@user #1 [x](y) www.a.b\n\u{202E}$x$\\")
    #expect(
      code == "<code>a&#124;b&#96;c&#96;&#42;&#95;&#60;img&#62;&#38;&#64;user &#35;1 "
        + "&#91;x&#93;(y) www&#46;a.b&#92;n&#92;u&#123;202e&#125;&#36;x&#36;&#92;</code>")
  }

  @Test func `text in a page is text, and nothing else`() {
    #expect(
      markupSafe("<script>alert('x')</script> & \"a\"\n\u{202E}")
        == "&lt;script&gt;alert(&apos;x&apos;)&lt;/script&gt; &amp; &quot;a&quot;\\n\\u{202e}")
  }

  @Test func `a page needs nothing else, and nothing of it runs`() {
    var hostile = changes(300)
    hostile.label = RunLabel(plan: "<img src=x onerror=y>", database: "sqlite:\"'.db")
    hostile.changeset?.operations[0].rows[0].address = "**</td><script src=//x>"
    hostile.stop(diagnostics("a </li><b> **b**"))
    let page = written { outlet in
      let page = HTMLText(to: outlet)
      page.begin()
      page.result(hostile, command: "plan", limit: nil, of: sample.files)
      page.end()
    }
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    #expect(page.hasSuffix("</body>\n</html>\n"))
    for word in ["<script", "<img", "<b>", "src=\"", "href", "url(", "onerror=\""] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("<details><summary>300 changes</summary>"))
    #expect(page.contains("<td><strong>delete</strong></td>"))
    // Stars of the user's make nothing strong.
    #expect(page.contains("<td>**&lt;/td&gt;&lt;script src=//x&gt;</td>"))
    #expect(page.contains("a &lt;/li&gt;&lt;b&gt; **b**"))
  }

  private func changes(_ count: Int, differing: Int? = nil) -> PlanResult {
    var operation = OperationChange(name: "rows", action: .delete, entity: "status")
    operation.rows = (0..<count).map {
      RowChange(
        kind: .delete, address: "rows[\"|\($0)\"]", entity: "status", key: "\($0)", fields: [])
    }
    operation.differing = differing ?? count
    var changeset = Changeset(plan: "shop")
    changeset.operations = [operation]
    changeset.counts.delete = operation.differing
    var result = PlanResult(label: RunLabel(plan: "<shop>", database: "sqlite:a|b.db"))
    result.changeset = changeset
    result.allowedDeletes = 10
    return result
  }

  private func comment(_ result: PlanResult, limit: Int? = 20) -> String {
    written {
      MarkdownText(to: $0).result(result, command: "plan", limit: limit, of: sample.files)
    }
  }

  @Test func `a comment says in numbers what changes, warns of deletes, and lists them`() {
    #expect(
      comment(changes(1)) == """
        ### sow plan · <code>&#60;shop&#62;</code> → <code>sqlite&#58;a&#124;b.db</code>

        **Plan: 1 to delete, 0 unchanged. Deletes: 1 (of at most 10).**

        > [!CAUTION]
        > **1 row to delete** (of at most 10).

        |  | Address | Row | Change |
        |---|---|---|---|
        | **delete** | <code>rows&#91;&#34;&#124;0&#34;&#93;</code> | <code>status 0</code> | <code>will be deleted</code> |


        """)
  }

  @Test func `a long table is folded, and counts what it leaves out`() {
    #expect(!comment(changes(20)).contains("<details>"))
    let folded = comment(changes(20, differing: 25))
    #expect(folded.contains("<details><summary>25 changes</summary>\n\n|  | Address"))
    #expect(folded.contains("|\n\n… and 5 more\n\n</details>\n"))
  }

  @Test func `a table stays below what a comment may hold`() {
    let long = comment(changes(2_000), limit: nil)
    #expect(long.utf8.count < 60_000)
    #expect(long.contains("… and "))
  }

  @Test func `what went wrong stands in the comment`() {
    var result = PlanResult(label: RunLabel(plan: "shop"))
    result.stop(diagnostics("a | <b>"))
    #expect(
      comment(result) == """
        ### sow plan · <code>shop</code>

        **Stopped: 1 error, 1 warning. Nothing was written.**

        - **warning** odd-thing <code>this is odd</code>
        - **error** row-refused <code>a&#58;b,100%.yaml&#58;2&#58;3</code> <code>a &#124; &#60;b&#62;</code>


        """)
  }

  // MARK: JUnit

  private func suite(_ result: PlanResult) -> String {
    written { JUnitSuite.write([JUnitSuite(applied: result, of: sample.files)], to: $0) }
  }

  @Test func `an operation is a case, and so is each instance that failed`() {
    let refused = Diagnostic(
      .sampleFailure, ["problem": "<\"&'>\u{1}\u{FFFF}"], at: sample.range(of: "bad"))
    var many = OperationResult(name: "many", action: .create, entity: "c", status: .failed)
    many.instances = [
      InstanceResult(instance: "\"a\"", status: .completed),
      InstanceResult(instance: "\"b\"", status: .failed, failure: Failure(refused)),
    ]
    var result = PlanResult(label: RunLabel(plan: "shop"))
    result.report = Report(
      plan: "shop", isDryRun: false,
      results: [
        OperationResult(name: "one", action: .create, entity: "c", status: .completed), many,
        OperationResult(name: "none", action: .create, entity: "c", status: .notRun),
      ])
    #expect(
      suite(result) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="sow" tests="3" failures="1" errors="0" skipped="1">
          <testsuite name="shop" tests="3" failures="1" errors="0" skipped="1">
            <testcase classname="shop" name="one"/>
            <testcase classname="shop" name="many[&quot;b&quot;]">
              <failure type="row-refused" message="&lt;&quot;&amp;&apos;&gt;\\u{1}\\u{ffff}">\
        a:b,100%.yaml:2:3: error[row-refused]: &lt;&quot;&amp;&apos;&gt;\\u{1}\\u{ffff}</failure>
            </testcase>
            <testcase classname="shop" name="none">
              <skipped message="not run"/>
            </testcase>
          </testsuite>
        </testsuites>

        """)
  }

  @Test func `a plan that stopped is a case that failed`() {
    var result = PlanResult(label: RunLabel(plan: "shop"))
    result.stop(diagnostics("no"))
    let text = suite(result)
    #expect(
      text.contains(
        "<testcase classname=\"shop\" name=\"shop\">\n      <failure type=\"row-refused\""))
    #expect(text.contains("<system-out>warning[odd-thing]: this is odd</system-out>"))
  }
}
