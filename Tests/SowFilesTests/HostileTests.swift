import SowFiles
import SowModel
import SowTestSupport
import Testing

struct HostileTests {
  @Test func `a billion laughs ends at the budget of aliases`() {
    var text = "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      let alias = "*l\(level - 1)"
      text += "l\(level): &l\(level) [" + Array(repeating: alias, count: 10).joined(separator: ",")
      text += "]\n"
    }
    #expect(Loaded(text).errors.map(\.code.id).contains("alias-budget"))
  }

  @Test func `aliases may not add a hundred times the nodes of the file`() {
    let list = "[" + Array(repeating: "x", count: 100).joined(separator: ",") + "]"
    let repeats = Array(repeating: "*b", count: 40).joined(separator: ",")
    let text =
      values("a: &a \(list)\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [\(repeats)]\n")
    #expect(Loaded(text).errors.map(\.code.id) == ["alias-budget"])
  }

  @Test(arguments: ["flow", "mappings", "block", "open"])
  func `100,000 levels end at the limit of nesting`(style: String) {
    let text =
      switch style {
      case "flow":
        values("x: " + String(repeating: "[", count: 100_000))
      case "mappings": values("x: " + String(repeating: "{a: ", count: 100_000))
      case "block": "x:\n" + String(repeating: "- ", count: 100_000) + "y"
      default: String(repeating: "[", count: 100_000)
      }
    let codes = Loaded(text).errors.map(\.code.id)
    #expect(codes.contains("nested-too-deep") || (style == "open" && codes == ["wrong-shape"]))
  }

  @Test func `200 levels are within the limit, also through aliases`() {
    let deep = String(repeating: "[", count: 190) + String(repeating: "]", count: 190)
    #expect(Loaded(values("x: &x \(deep)\ny: *x")).errors.isEmpty)
    #expect(
      Loaded(values("x: &x \(deep)\ny: [[[[[[[[[[*x]]]]]]]]]]")).errors.map(\.code.id)
        == ["nested-too-deep"])
  }

  @Test(arguments: ["plain", "quoted", "block"])
  func `a scalar of 64 MB stops the reading at its limit`(style: String) {
    let long = String(repeating: "0123456789abcdef", count: 4 << 20)
    let text =
      switch style {
      case "plain": values("x: \(long)")
      case "quoted": values("x: \"\(long)\"")
      default: values("x: |\n  \(long)")
      }
    #expect(Loaded(text).errors.map(\.code.id) == ["scalar-too-long"])
  }

  @Test(arguments: ["plain", "quoted"], [0, 1])
  func `a scalar of 16 MiB is the longest`(style: String, more: Int) {
    let long = String(repeating: "x", count: (16 << 20) + more)
    let text = style == "plain" ? values("x: \(long)") : values("x: \"\(long)\"")
    #expect(Loaded(text).errors.map(\.code.id) == (more == 0 ? [] : ["scalar-too-long"]))
  }

  @Test func `a file above the limit of size is refused before it is read`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(String(repeating: "# comment\n", count: 200), to: "plan.yaml")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    var project = Project(root: folder.path, environments: [])
    project.limits.fileBytes = 1024
    let plan = Plan.load(
      path: path, project: project, files: &files, diagnostics: &diagnostics)
    #expect(plan == nil)
    #expect(diagnostics.all.map(\.message) == ["the file is larger than 1 KiB"])
  }

  @Test func `a file cut at any byte gives a plan or a diagnostic`() {
    let whole = Array(sample.utf8)
    for end in whole.indices {
      let (plan, diagnostics) = load(Array(whole[..<end]))
      #expect(plan != nil || diagnostics.hasErrors, "cut at \(end)")
    }
    #expect(load(whole).diagnostics.all.isEmpty)
  }

  @Test(arguments: 0..<8)
  func `damaged bytes give a plan or a diagnostic`(seed: UInt64) {
    var random = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let whole = Array(sample.utf8)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        default:
          let sign = Array("[]{}\"'&*!|>%@:,-?#$\\\n\t".utf8).randomElement(using: &random)
          bytes.insert(sign ?? 0, at: index)
        }
      }
      let (plan, diagnostics) = load(bytes)
      #expect(plan != nil || diagnostics.hasErrors)
      for diagnostic in diagnostics.all { #expect(!diagnostic.message.isEmpty) }
    }
  }

  @Test(arguments: 0..<4)
  func `random bytes give a diagnostic`(seed: UInt64) {
    var random = Generator(state: seed &+ 77)
    for _ in 0..<300 {
      let count = Int.random(in: 0..<200, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let (plan, diagnostics) = load(bytes)
      #expect(plan != nil || diagnostics.hasErrors)
    }
  }

  private func load(_ bytes: [UInt8]) -> (plan: Plan?, diagnostics: Diagnostics) {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let project = Project(root: "/tmp", environments: [])
    let plan = Plan.load(
      bytes: bytes, shownAs: "plan.yaml", project: project, files: &files,
      diagnostics: &diagnostics)
    return (plan, diagnostics)
  }

  private let sample = """
    plan: shop # Cửa hàng
    options: { atomic: true, on_error: stop }
    variables:
      domain: { type: string, default: &d "example.com" }
    operations:
      luis:
        action: create
        entity: customer
        values:
          first_name: Luís
          note: >-
            folded
            text
          email: "luis@${var:domain}\\u00e9"
          tags: [*d, 'a''b', {c: 1}]
      invoice:
        action: update
        entity: invoice
        where: { customer_id: "$ref:luis.customer_id", total: { gt: 1.5 } }
        values: { note: "for ${ref:luis.first_name}" }

    """
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
