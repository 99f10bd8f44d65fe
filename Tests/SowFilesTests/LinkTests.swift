import SowFiles
import SowModel
import SowTestSupport
import Testing

struct LinkTests {
  private static func reference(
    _ operation: String, _ instance: [Reference.KeyPart]? = nil, _ path: String...
  ) -> Link {
    .reference(Reference(operation: operation, instance: instance, path: path))
  }

  struct Whole: Sendable {
    var text: String
    var link: Link
  }

  @Test(arguments: [
    Whole(text: "$ref:op.field", link: reference("op", nil, "field")),
    Whole(text: "${ref:op.field}", link: reference("op", nil, "field")),
    Whole(text: "$ref:op.items.0.id", link: reference("op", nil, "items", "0", "id")),
    Whole(text: "$ref:0p_-1.a-b", link: reference("0p_-1", nil, "a-b")),
    Whole(text: #"$ref:op["a"].f"#, link: reference("op", [.text("a")], "f")),
    Whole(text: #"$ref:op["a","b c"].f"#, link: reference("op", [.text("a"), .text("b c")], "f")),
    Whole(text: #"$ref:op["a\"]\\"].f"#, link: reference("op", [.text(#"a"]\"#)], "f")),
    Whole(
      text: "$ref:op[$each:x,$each:y.z].f",
      link: reference("op", [.each(["x"]), .each(["y", "z"])], "f")),
    Whole(text: #"${ref:op["Việt"].f}"#, link: reference("op", [.text("Việt")], "f")),
    Whole(text: "$var:domain", link: .variable("domain")),
    Whole(text: "$env:HOME", link: .environment("HOME")),
    Whole(text: "${env:HOME}", link: .environment("HOME")),
    Whole(text: "$each:address.zip", link: .each(["address", "zip"])),
  ])
  func `a link that is the whole scalar stays a link`(whole: Whole) {
    let quoted = whole.text.replacing("'", with: "''")
    let loaded = Loaded(
      operation("action: create\nentity: x\nfor_each: { k: 1 }\nvalues: { v: '\(quoted)' }"))
    #expect(loaded.diagnostics.isEmpty)
    guard case .link(let link, _)? = loaded.value("v") else {
      Issue.record("no link")
      return
    }
    #expect(link == whole.link)
  }

  @Test func `a reference writes itself as it was written`() {
    for text in ["op.f", #"op["a"].f"#, #"op["a\"\\",$each:x.y].f.0"#] {
      guard case .link(.reference(let reference), _)? = value("'$ref:\(text)'") else {
        Issue.record("no reference")
        continue
      }
      #expect(reference.text == text)
    }
  }

  struct Mixed: Sendable {
    var text: String
    var parts: [TemplatePart]
    var warnings = 0
  }

  @Test(arguments: [
    Mixed(
      text: "luis@${var:domain}", parts: [.text("luis@"), .link(.variable("domain"))]),
    Mixed(
      text: "${var:a}${var:b}", parts: [.link(.variable("a")), .link(.variable("b"))]),
    Mixed(
      text: "prefix_$ref:op1.id_suffix",
      parts: [.text("prefix_"), .link(reference("op1", nil, "id_suffix"))], warnings: 1),
    Mixed(
      text: "$ref:op.f. Next", parts: [.link(reference("op", nil, "f")), .text(". Next")],
      warnings: 1),
    Mixed(
      text: "$var:a.b", parts: [.link(.variable("a")), .text(".b")], warnings: 1),
    Mixed(text: "$$$var:a", parts: [.text("$"), .link(.variable("a"))], warnings: 1),
    Mixed(
      text: "$$ref:x ${var:a}", parts: [.text("$ref:x "), .link(.variable("a"))]),
  ])
  func `links inside a text make a template`(mixed: Mixed) {
    let loaded = Loaded(values("v: '\(mixed.text)'"))
    #expect(loaded.errors.isEmpty)
    #expect(
      loaded.diagnostics.map(\.code.id)
        == Array(repeating: "undelimited-link", count: mixed.warnings))
    guard case .template(let parts, _)? = loaded.value("v") else {
      Issue.record("no template")
      return
    }
    #expect(parts == mixed.parts)
  }

  @Test func `the warning shows the delimited form`() {
    let loaded = Loaded(values("v: 1️⃣prefix_$ref:op1.id_suffix"))
    #expect(loaded.diagnostics.first?.hint?.sentence.english == "write ${ref:op1.id_suffix}")
    #expect(loaded.diagnostics.first?.range?.start == loaded.marks[1])
  }

  @Test(arguments: [
    ("pa$$word", "pa$$word"), ("${HOME}", "${HOME}"), ("$", "$"), ("a$b", "a$b"),
    ("$ref", "$ref"), ("$refs:x", "$refs:x"), ("${ ref:x}", "${ ref:x}"),
    ("$$ref:x", "$ref:x"), ("$${ref:x}", "${ref:x}"), ("$$$$ref:x", "$$ref:x"),
    ("$$$ x", "$$$ x"), ("$$each:", "$each:"),
  ])
  func `any other dollar is text`(written: String, text: String) {
    let loaded = Loaded(values("v: '\(written)'"))
    #expect(loaded.diagnostics.isEmpty)
    guard case .scalar(let scalar, _)? = loaded.value("v") else {
      Issue.record("no scalar")
      return
    }
    #expect(scalar.text == text)
  }

  @Test(arguments: [
    "$ref:", "$ref:op", "$ref:op.", "$ref:-op.f", "$ref:op[].f", "$ref:op[a].f",
    #"$ref:op["a".f"#, #"$ref:op["a"]"#, #"$ref:op["a].f"#, "$ref:op[$var:x].f", "${ref:op}",
    "${ref:op.f", "${ref:op.f }", "${ref:op.f x}", "$var:", "${var:a.b}", "$env:=", "$each:.a",
    "${each:}", "x $ref:op", "$ref:\(String(repeating: "a", count: 101)).f",
  ])
  func `an opening without a valid path is an error with a hint`(text: String) {
    let loaded = Loaded(values("v: 1️⃣'\(text)'"))
    #expect(loaded.errors.map(\.code.id) == ["invalid-link"])
    #expect(loaded.errors.first?.range?.start == loaded.marks[1])
    #expect(loaded.errors.first?.hint != nil)
  }

  @Test func `keys of mappings are never links`() {
    let loaded = Loaded(values("$ref:op: { \"${var:x}\": 1 }"))
    #expect(loaded.diagnostics.isEmpty)
    #expect(loaded.operation("a")?.values.first?.name.value == "$ref:op")
  }

  @Test func `a lookup is a mapping of its own`() {
    let loaded = Loaded(
      values("v: { $lookup: { entity: artist, where: { name: { like: A% } }, field: id } }"))
    #expect(loaded.diagnostics.isEmpty)
    guard case .lookup(let lookup)? = loaded.value("v") else {
      Issue.record("no lookup")
      return
    }
    #expect(lookup.entity.value == "artist")
    #expect(lookup.field.value == "id")
    #expect(lookup.filter.map(\.comparison) == [.like])
  }

  @Test(arguments: [
    Mistake("lookup-not-alone", values("v: { $lookup: {}, 1️⃣default: 1 }")),
    Mistake("missing-key", values("v: { $lookup: 1️⃣{ where: { a: 1 }, field: id } }")),
    Mistake(
      "unknown-key", values("v: { $lookup: { entity: a, where: { a: 1 }, field: id, 1️⃣fild: 1 } }"),
      hint: "field"),
    Mistake("each-outside-for-each", values("v: [{ w: 1️⃣$each:x }]")),
    Mistake("each-outside-for-each", values("v: 1️⃣'$ref:op[$each:x].f'")),
    Mistake(
      "each-outside-for-each",
      operation("action: create\nentity: x\nfor_each: { k: 1️⃣$each:x }\nvalues: { v: $each:x }")),
    Mistake(
      "link-not-allowed", "variables: { v: { default: [1️⃣$env:HOME] } }\n" + values("v: 1")),
  ])
  func `a link in the wrong place is refused`(mistake: Mistake) {
    let loaded = Loaded(mistake.text)
    mistake.verify(loaded.errors, loaded.marks)
  }

  private func value(_ text: String) -> Input? {
    Loaded(operation("action: create\nentity: x\nfor_each: { k: 1 }\nvalues: { v: \(text) }"))
      .value("v")
  }
}
