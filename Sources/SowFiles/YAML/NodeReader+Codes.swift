package import SowModel

extension DiagnosticCode {
  package static let severalDocuments = DiagnosticCode(
    "several-documents", "a second document starts here",
    vi: "một tài liệu thứ hai bắt đầu ở đây",
    meaning: "A file holds one YAML document.",
    example: "plan: a\n---\nplan: b",
    fix: "Put each document into a file of its own.")
  package static let duplicateKey = DiagnosticCode(
    "duplicate-key", "\"{key}\" is given twice",
    vi: "\"{key}\" được cho hai lần",
    meaning: "A mapping names each of its members once; which of two should hold is not guessed.",
    example: "values:\n  name: a\n  name: b",
    fix: "Remove or rename one of the two.")
  package static let mergeKey = DiagnosticCode(
    "merge-key", "merge keys (\"<<\") are not supported",
    vi: "không hỗ trợ khóa gộp (\"<<\")",
    meaning: "YAML 1.2 has no merge keys; taken as a plain key it would be a field named \"<<\".",
    example: "values: { <<: *defaults, name: a }",
    fix: "Write the members out; an alias may stand for a whole value.")
  package static let unknownTag = DiagnosticCode(
    "unknown-tag", "the tag \"{tag}\" is not supported",
    vi: "không hỗ trợ thẻ \"{tag}\"",
    meaning: "The field's type says how a scalar is read, so tags have nothing to say.",
    example: "total: !!float 3",
    fix: "Leave the tag out; quote a value that must be text.")
  package static let keyNotScalar = DiagnosticCode(
    "key-not-scalar", "a key must be a single text",
    vi: "khóa phải là một văn bản đơn",
    meaning: "Members are named by text; lists and mappings as keys are not supported.",
    example: "? [a, b]\n: 1",
    fix: "Name the member by text, or quote a key that holds brackets.")
  package static let unknownAlias = DiagnosticCode(
    "unknown-alias", "no anchor \"&{alias}\" stands before this alias",
    vi: "trước bí danh này không có neo \"&{alias}\"",
    meaning: "An alias repeats a value that an anchor named earlier in the same file.",
    example: "values: *defaults",
    fix: "Define the anchor above, or quote a text that starts with \"*\".")
  package static let aliasToItself = DiagnosticCode(
    "alias-to-itself", "the alias \"*{alias}\" stands inside the value it repeats",
    vi: "bí danh \"*{alias}\" nằm ngay trong giá trị mà nó lặp lại",
    meaning: "A value that holds itself would have no end.",
    example: "values: &v { next: *v }",
    fix: "Point the alias to a value that is complete before it.")
  package static let aliasBudget = DiagnosticCode(
    "alias-budget", "aliases add more values than the limit allows ({limit})",
    vi: "các bí danh thêm nhiều giá trị hơn giới hạn cho phép ({limit})",
    meaning: "Aliases of aliases grow by powers; a small file could fill the memory.",
    example: "nine levels of lists that each repeat the one before ten times",
    fix: "Write the rows into a file of data, or repeat less.")
  package static let nestedTooDeep = DiagnosticCode(
    "nested-too-deep", "values are nested deeper than {limit} levels",
    vi: "các giá trị lồng nhau sâu hơn {limit} cấp",
    meaning: "A file may nest its lists and mappings 200 deep.",
    example: "[[[[…]]]] with 201 brackets",
    fix: "Look for brackets that are never closed.")
}
