import Foundation
import SowTestSupport
import Testing

/// Names and e-mails of the people are health information: nothing that sow says or keeps, beside
/// the table that they are for, holds one of them.
struct PeopleSecretTests {
  private let project: TemporaryProject
  /// Every name and address of the plan, and each name of its own.
  private let values: [String]

  init() throws {
    let project = try TemporaryProject()
    let package = URL(filePath: PackageFolder.path())
    for folder in ["plans", "schemas"] {
      try FileManager.default.createDirectory(
        at: project.folder.appending(path: folder), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: package.appending(path: "\(folder)/people"),
        to: project.folder.appending(path: "\(folder)/people"))
    }
    let written = ["plans/people/people.yaml", "plans/people/data/residents.csv"]
      .map { String(decoding: project.read($0) ?? [], as: UTF8.self) }.joined(separator: "\n")
    let names = written.matches(of: /Dr\. (\p{L}+) (\p{L}+)/).map { ($0.1, $0.2) }
    let addresses = written.matches(of: /[a-z.]+@clinic\.example/).map { String($0.0) }
    try #require(names.count == 9 && addresses.count == 9)
    self.project = project
    values = names.flatMap { [String($0), String($1)] } + addresses
  }

  private func check(_ text: some StringProtocol, of what: String) {
    for value in values where text.contains(value) {
      Issue.record("\(what) holds \(value):\n\(text)")
    }
  }

  private func run(_ command: String, code: Int32) throws {
    let output = try project.run(command)
    #expect(output.code == code, "\(command)\n\(output.out)\(output.errors)")
    check(output.out, of: "stdout of \(command)")
    check(output.errors, of: "stderr of \(command)")
  }

  /// Every file but those that the plan is written in, and the bytes of the ledger.
  private func checkFiles() throws {
    let inputs = ["plans/people/people.yaml", "plans/people/data/residents.csv"]
    let paths = FileManager.default.enumerator(atPath: project.folder.path)
    var count = 0
    while let path = paths?.nextObject() as? String {
      guard !inputs.contains(path), !path.hasPrefix("given/"), !path.hasSuffix(".db"),
        let bytes = project.read(path)
      else { continue }
      count += 1
      check(String(decoding: bytes, as: UTF8.self), of: path)
    }
    #expect(count > 3)
    // Without the table of the people, and what it left behind, all that is left is the ledger's.
    let ledger = try project.run(
      """
      cp .sow/local.db ledger.db && sqlite3 ledger.db 'DROP TABLE people' VACUUM \
      && sqlite3 ledger.db 'SELECT count(*) > 0 FROM sow_row'
      """)
    #expect(ledger.out == "1\n", "\(ledger.errors)")
    let bytes = project.read("ledger.db") ?? []
    for value in values {
      #expect(bytes.firstRange(of: Array(value.utf8)) == nil, "the ledger holds \(value)")
    }
  }

  @Test func `no name and no address is in what is said and kept while all goes well`() throws {
    defer { project.remove() }
    for form in ["text", "json", "github", "junit"] {
      try run("sow validate plans/people -f \(form) --verbose --progress jsonl", code: 0)
    }
    for form in ["text", "json", "github", "markdown", "html"] {
      try run("sow plan plans/people --all -f \(form) --verbose --progress jsonl", code: 0)
    }
    try run("sow plan plans/people --all -o people.saved", code: 0)
    for form in ["text", "json", "markdown", "html"] {
      try run("sow show people.saved -f \(form)", code: 0)
    }
    for form in ["text", "dot", "mermaid", "json"] {
      try run("sow graph people.saved -f \(form)", code: 0)
      try run("sow graph plans/people -f \(form)", code: 0)
    }
    try run("sow apply people.saved --dry-run -f json --language en,vi", code: 0)
    try run(
      "sow apply people.saved --all --verbose --progress jsonl --report report.json", code: 0)
    for form in ["text", "json"] {
      try run("sow show report.json -f \(form) --all", code: 0)
      try run("sow ledger list -f \(form) --all", code: 0)
      try run("sow ledger runs -f \(form)", code: 0)
      try run("sow show .sow/people.local.lock.json -f \(form) --all", code: 0)
    }
    // The addresses hold no name either.
    let addresses = try project.run("sow ledger list -f json").out.matches(
      of: /"address": "((?:\\.|[^"])*)"/)
    #expect(addresses.count == 9)
    for address in addresses {
      try run("sow ledger show '\(address.1.replacing("\\\"", with: "\""))'", code: 0)
    }
    try run("sow lock check", code: 0)
    // What others changed is not shown as it is, nor as it was.
    #expect(
      try project.run(
        "sqlite3 .sow/local.db \"UPDATE people SET name = name || ' X', pgy_level = 3\""
      )
      .code == 0)
    for form in ["text", "json", "markdown"] {
      try run("sow drift plans/people -f \(form) --all", code: 0)
      try run("sow plan plans/people -f \(form) --all", code: 0)
    }
    try run("sow apply plans/people --yes --all -f json", code: 0)
    try checkFiles()
    try run("sow destroy plans/people --yes --allow-deletes 9 --all -f markdown", code: 0)
  }

  @Test func `no name and no address is in what is said of failures`() throws {
    defer { project.remove() }
    // Rows that break their schema, in the plan and in the file.
    #expect(
      try project.run(
        """
        mkdir given && cp plans/people/people.yaml plans/people/data/residents.csv given
        sed -i -e 's/,2,true/,8,true/' -e 's/kwame.mensah@/kwame.mensah/' plans/people/data/residents.csv
        sed -i -e 's/linh.pham@clinic.example/tomas.okafor@clinic.example/' plans/people/people.yaml
        """
      ).code == 0)
    for form in ["text", "json", "github", "junit"] {
      try run("sow validate plans/people -f \(form) --all", code: 3)
      try run("sow apply plans/people --yes -f \(form) --all --report failed.json", code: 3)
    }
    try run("sow show failed.json --all", code: 0)
    // Where the others go on, row by row.
    #expect(
      try project.run(
        """
        sed -e '1i options: { atomic: false, on_error: continue }' -e 's/admin_type: DFM/admin_type: X/' \
        given/people.yaml > plans/people/people.yaml
        """
      ).code == 0)
    try run(
      "sow apply plans/people --yes --all -f json --language en,vi --report part.json", code: 4)
    try run("sow apply plans/people --yes --all --only-failed part.json", code: 4)
    #expect(
      try project.run("cp given/people.yaml plans/people; cp given/residents.csv plans/people/data")
        .code == 0)
    try run("sow apply plans/people --yes --all --only-failed part.json", code: 0)
    try checkFiles()
    // What the database refuses: a unique column, a check and a trigger that says the name.
    #expect(try project.run("sow destroy plans/people --yes --allow-deletes 9").code == 0)
    for sql in [
      "CREATE TRIGGER no BEFORE INSERT ON people BEGIN SELECT RAISE(ABORT, 'not Dr. Ana Ribeiro'); END",
      """
      CREATE TRIGGER twice BEFORE INSERT ON people WHEN new.email LIKE 'ana%' BEGIN
        INSERT INTO people (person_id, name, type, email)
        VALUES ('x', 'Dr. Ana Ribeiro', 'faculty', 'ana.ribeiro@clinic.example'); END
      """,
      """
      CREATE TRIGGER checked BEFORE INSERT ON people BEGIN
        INSERT INTO checked VALUES (new.name); END
      """,
    ] {
      let made = try project.run(
        """
        sqlite3 .sow/local.db "PRAGMA recursive_triggers = OFF" \
        "CREATE TABLE IF NOT EXISTS checked (name TEXT CHECK (length(name) < 2))" \
        "DROP TRIGGER IF EXISTS no" "DROP TRIGGER IF EXISTS twice" "\(sql)"
        """)
      #expect(made.code == 0, "\(made.errors)")
      for form in ["text", "json", "github", "markdown", "junit"] {
        try run("sow apply plans/people --yes --all -f \(form) --verbose", code: 1)
      }
      try run("sow run plans/people/people.yaml", code: 1)
    }
    #expect(
      try project.run(
        "sqlite3 .sow/local.db 'DROP TRIGGER checked' 'DROP TABLE checked'"
      ).code == 0)
    // Rows that are there already.
    let taken = try project.run(
      """
      sqlite3 .sow/local.db "INSERT INTO people (person_id, name, type, email) \
      VALUES ('3f0e4e57-9a0c-4b45-9d1c-1f6f0a4b2c11', 'Dr. Ana Ribeiro', 'faculty', 'ana.ribeiro@clinic.example'),
      ('3f0e4e57-9a0c-4b45-9d1c-1f6f0a4b2c12', 'Dr. Jonas Weber', 'resident', 'jonas.weber@clinic.example')"
      """)
    #expect(taken.code == 0, "\(taken.errors)")
    for form in ["text", "json", "github"] {
      try run("sow plan plans/people -f \(form) --all", code: 3)
    }
    try run("sow export --entity person --database sqlite:.sow/local.db", code: 7)
  }
}
