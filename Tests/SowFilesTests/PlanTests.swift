import SowFiles
import SowModel
import SowTestSupport
import Testing

struct PlanTests {
  @Test func `a batch request loads to the same operations as a plan`() {
    let request = Loaded(
      """
      {"operations": [
        {"id": "a", "entity": "customer", "action": "create",
         "store_params": {"first_name": "John"}},
        {"id": "b", "entity": "invoice", "action": "read", "depends_on": ["a"],
         "query_params": {"customer_id": "$ref:a.customer_id"},
         "metadata_params": {"__limit": 5, "__sort": "total desc,-id", "__properties": "id, total"}}
      ], "options": {"atomic": false, "continueOnError": true}}
      """, path: "request.json")
    let plan = Loaded(
      """
      options: { atomic: false, on_error: continue }
      operations:
        a: { entity: customer, action: create, values: { first_name: "John" } }
        b:
          entity: invoice
          action: read
          depends_on: a
          where: { customer_id: $ref:a.customer_id }
          limit: 5
          sort: [total desc, -id]
          select: [id, total]
      """)
    for loaded in [request, plan] {
      #expect(loaded.diagnostics.isEmpty)
      #expect(loaded.plan?.options.atomic == false)
      #expect(loaded.plan?.options.onError == .continue)
      #expect(loaded.plan?.operations.map(\.name) == ["a", "b"])
      let read = loaded.operation("b")
      #expect(read?.action.value == .read)
      #expect(read?.dependsOn.map(\.value) == ["a"])
      #expect(read?.filter?.map(\.field.value) == ["customer_id"])
      #expect(read?.sort.map(\.field.value) == ["total", "id"])
      #expect(read?.sort.map(\.descending) == [true, true])
      #expect(read?.select?.map(\.value) == ["id", "total"])
      guard case .scalar(let limit, _)? = read?.limit else {
        Issue.record("no limit")
        continue
      }
      #expect(limit.text == "5")
    }
  }

  @Test(arguments: [
    Mistake("missing-key", "plan: 1️⃣x\n"),
    Mistake("empty-not-allowed", "1️⃣operations: {}\n"),
    Mistake("empty-not-allowed", "1️⃣operations: []\n"),
    Mistake("empty-not-allowed", "1️⃣operations:\n"),
    Mistake("wrong-shape", "operations: 1️⃣x\n"),
    Mistake("unknown-key", "1️⃣operation: {}\n" + values("x: 1"), hint: "operations"),
    Mistake("invalid-name", "plan: 1️⃣my plan\n" + values("x: 1")),
    Mistake("unknown-key", "options: { 1️⃣atomc: true }\n" + values("x: 1"), hint: "atomic"),
    Mistake("wrong-shape", "options: { atomic: 1️⃣yes }\n" + values("x: 1"), hint: "true"),
    Mistake("wrong-shape", "options: { on_error: 1️⃣go }\n" + values("x: 1")),
    Mistake(
      "conflicting-keys",
      "options: { 2️⃣on_error: stop, 1️⃣continueOnError: true }\n" + values("x: 1")),
    Mistake(
      "unknown-type", "variables: { v: { type: 1️⃣strnig } }\n" + values("x: 1"), hint: "string"),
    Mistake("wrong-shape", "variables: { v: 1️⃣text }\n" + values("x: 1"), hint: "default"),
    Mistake("unknown-key", "variables: { v: { 1️⃣sensitiv: true } }\n" + values("x: 1")),
    Mistake("limit-raised", "limits: { operations: 1️⃣100001 }\n" + values("x: 1")),
    Mistake("wrong-shape", "limits: { operations: 1️⃣\"5\" }\n" + values("x: 1")),
    Mistake("unknown-key", "limits: { 1️⃣rows: 5 }\n" + values("x: 1")),
    Mistake("missing-key", "operations: [1️⃣{ action: create, entity: x }]\n"),
    Mistake("missing-key", "operations: { a: 1️⃣{ entity: x } }\n"),
    Mistake("missing-key", "operations: { a: 1️⃣{ action: read } }\n"),
    Mistake("wrong-shape", "operations: { a: 1️⃣5 }\n"),
    Mistake("unknown-action", "operations: { a: { action: 1️⃣creat, entity: x } }\n", hint: "create"),
    Mistake("unknown-action", "operations: { a: { action: 1️⃣synk, entity: x } }\n"),
    Mistake("wrong-shape", operation("action: create\nentity: x\nlifecycle: 1️⃣protect")),
    Mistake(
      "wrong-shape", operation("action: create\nentity: x\nlifecycle: { protect: 1️⃣yes }")),
    Mistake(
      "wrong-shape", operation("action: create\nentity: x\nlifecycle: { on_remove: 1️⃣keep }")),
    Mistake(
      "unknown-key", operation("action: create\nentity: x\nlifecycle: { 1️⃣protects: true }")),
    Mistake("unknown-key", "operations: { a: { 1️⃣id: b, action: read, entity: x } }\n"),
    Mistake("invalid-name", "operations: { 1️⃣a b: { action: read, entity: x } }\n"),
    Mistake(
      "duplicate-operation",
      "operations: { 2️⃣a: { action: read, entity: x }, 1️⃣a: { action: read, entity: y } }\n"),
    Mistake(
      "duplicate-operation",
      """
      operations:
        - { id: 2️⃣a, action: read, entity: x }
        - { id: 1️⃣a, action: read, entity: x }

      """),
    Mistake("empty-not-allowed", operation("action: update\nentity: x\nwhere: 1️⃣{}")),
    Mistake("empty-not-allowed", operation("action: create\nentity: x\nvalues: 1️⃣{}")),
    Mistake("empty-not-allowed", operation("action: update\nentity: x\nwhere: { f: 1️⃣{} }")),
    Mistake(
      "unknown-key", operation("action: read\nentity: x\nwhere: { f: { 1️⃣gte: 1 } }"), hint: "ge"),
    Mistake(
      "list-as-operand", operation("action: read\nentity: x\nwhere: { f: 1️⃣[1, 2] }"), hint: "in"),
    Mistake("wrong-shape", operation("action: read\nentity: x\nwhere: { f: { in: 1️⃣5 } }")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nwhere: { f: { between: 1️⃣[1] } }")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nwhere: { f: { is_null: 1️⃣yes } }")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nexpect: 1️⃣two")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nexpect: 1️⃣-1")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nlimit: 1️⃣many")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nsort: 1️⃣name down")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nids: 1️⃣{ a: 1 }")),
    Mistake("wrong-shape", operation("action: create\nentity: x\nrows: [1️⃣5]")),
    Mistake("wrong-shape", operation("action: create\nentity: x\nrows: 1️⃣$var:x")),
    Mistake(
      "wrong-shape", operation("action: create\nentity: x\nfor_each: [1️⃣{ a: 1 }]"), hint: "items"),
    Mistake(
      "missing-key", operation("action: create\nentity: x\nfor_each: 1️⃣{ items: [{ a: 1 }] }")),
    Mistake("empty-not-allowed", operation("action: create\nentity: x\nkey: 1️⃣[]")),
    Mistake(
      "conflicting-keys",
      operation("action: create\nentity: x\n2️⃣values: { a: 1 }\n1️⃣store_params: { a: 1 }")),
    Mistake(
      "conflicting-keys",
      operation("action: read\nentity: x\n2️⃣limit: 1\nmetadata_params: { 1️⃣__limit: 1 }")),
    Mistake("wrong-shape", operation("action: upsert\nentity: x\non_match: 1️⃣keeep")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nmoved_from: 1️⃣a[b]")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nmoved_from: 1️⃣'$ref:a.b'")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nmoved_from: [a, 1️⃣'a[\"x\"].f']")),
    Mistake("empty-not-allowed", operation("action: read\nentity: x\nmoved_from: 1️⃣[]")),
    Mistake(
      "each-outside-for-each", operation("action: read\nentity: x\nmoved_from: 1️⃣'a[$each:b]'")),
    Mistake("invalid-name", "plan: { name: a, moved_from: 1️⃣a b }\n" + values("x: 1")),
    Mistake("unknown-key", "plan: { name: a, 1️⃣moved: b }\n" + values("x: 1")),
    Mistake("unknown-key", operation("action: read\nentity: x\nlifecycle: { 1️⃣ignored: [a] }")),
    Mistake("empty-not-allowed", operation("action: read\nentity: x\nlifecycle: { ignore: 1️⃣[] }")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nlifecycle: { replace: 1️⃣yes }")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nwhen: 1️⃣maybe")),
    Mistake("missing-key", operation("action: read\nentity: x\nwhen: 1️⃣{ gt: 0 }")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nclaims: 1️⃣[roles]")),
    Mistake("wrong-shape", operation("action: read\nentity: x\nclaims: { roles: 1️⃣{} }")),
    Mistake("missing-key", operation("action: read\nentity: x\nwhen: 1️⃣{ value: 1 }")),
    Mistake("unknown-key", operation("action: read\nentity: x\nwhen: { value: 1, 1️⃣gtt: 0 }")),
  ])
  func `a mistake of a plan is one diagnostic at its place`(mistake: Mistake) {
    let loaded = Loaded(mistake.text)
    mistake.verify(loaded.errors, loaded.marks)
  }

  @Test func `all mistakes are reported at once`() {
    let loaded = Loaded(
      """
      1️⃣opton: 1
      operations:
        a: { action: creat, entity: x }
        b: { entity: x, 2️⃣valeus: {} }
        c: { action: read, entity: x, depends_on: [a, 3️⃣a] }
      """)
    #expect(
      loaded.diagnostics.map(\.code.id)
        == ["unknown-key", "unknown-action", "missing-key", "unknown-key", "repeated-dependency"])
    #expect(loaded.diagnostics.last?.severity == .warning)
    #expect(loaded.diagnostics.last?.range?.start == loaded.marks[3])
    #expect(loaded.plan?.unreadOperations == ["a", "b"])
  }

  @Test func `an item without an id is named by its place where the caller accepts that`() {
    let text = "operations: [{ action: read, entity: x }, { id: b, action: read, entity: y }]"
    let loaded = Loaded(text, acceptsUnnamed: true)
    #expect(loaded.diagnostics.isEmpty)
    #expect(loaded.plan?.operations.map(\.name) == ["op_0", "b"])
  }

  @Test func `an operation knows the forms of its keys`() {
    let loaded = Loaded(
      operation(
        """
        action: update
        entity: x
        ids: [1, $ref:b.id]
        key: [one, two]
        expect: 3
        where: { a: null, b: { gt: 1, le: 2 }, c: { in: [] }, d: { not_in: $var:list } }
        description: what it is for
        """))
    #expect(loaded.diagnostics.isEmpty)
    let update = loaded.operation("a")
    #expect(update?.key?.map(\.value) == ["one", "two"])
    #expect(update?.expect?.value == .exactly(3))
    #expect(
      update?.filter?.map(\.comparison)
        == [.equal, .greater, .lessOrEqual, .in, .notIn])
    guard case .list(let ids, _)? = update?.ids else {
      Issue.record("no ids")
      return
    }
    #expect(ids.count == 2)
  }

  @Test func `for_each takes a mapping, items with a key, and known values`() {
    let loaded = Loaded(
      """
      operations:
        m: { action: create, entity: x, for_each: { vn: { label: Việt }, fr: 1 } }
        i: { action: create, entity: x, for_each: { items: [{ c: 1 }], key: [c] } }
        v: { action: create, entity: x, for_each: [a, b] }
        l: { action: create, entity: x, for_each: $var:list }
      """)
    #expect(loaded.diagnostics.isEmpty)
    if case .mapping(let members)? = loaded.operation("m")?.forEach {
      #expect(members.map(\.name.value) == ["vn", "fr"])
    } else {
      Issue.record("no mapping")
    }
    if case .items(let items, let key, _)? = loaded.operation("i")?.forEach {
      #expect(items.count == 1)
      #expect(key.map(\.value) == ["c"])
    } else {
      Issue.record("no items")
    }
    for name in ["v", "l"] {
      guard case .values? = loaded.operation(name)?.forEach else {
        Issue.record("\(name) has no values")
        continue
      }
    }
  }

  @Test func `more operations than a limit allows are counted and refused`() {
    let operations = (0..<12).map { "  o\($0): { action: read, entity: x }\n" }.joined()
    let own = Loaded("2️⃣limits: { operations: 10 }\n1️⃣operations:\n" + operations)
    #expect(own.errors.map(\.message) == ["the plan has 12 operations, at most 10 are allowed"])
    #expect(own.errors.first?.range?.start == own.marks[1])
    let project = Loaded("operations:\n" + operations) { $0.operations = 11 }
    #expect(project.errors.map(\.message) == ["the plan has 12 operations, at most 11 are allowed"])
  }

  @Test func `operations behind an anchor load as others do`() {
    let loaded = Loaded(
      """
      operations: &all
        a: &a { action: read, entity: x }
        b: *a
      """)
    #expect(loaded.diagnostics.isEmpty)
    #expect(loaded.plan?.operations.map(\.name) == ["a", "b"])
  }

  @Test func `variables keep their type, default and secrecy`() {
    let loaded = Loaded(
      "variables: { a: { type: number, default: 1.50 }, b: { sensitive: true } }\n"
        + values("x: 1"))
    #expect(loaded.diagnostics.isEmpty)
    #expect(loaded.plan?.variables.map(\.type) == [.decimal, .string])
    #expect(loaded.plan?.variables.map(\.isSensitive) == [false, true])
    #expect(loaded.plan?.variables.first?.defaultValue?.scalar == Scalar("1.50"))
  }
}
