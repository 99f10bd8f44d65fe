package import SowModel

extension DiagnosticCode {
  package static let csvWithoutHeader = DiagnosticCode(
    "csv-without-header", "the file is empty: its first line must name the columns",
    vi: "tệp rỗng: dòng đầu tiên phải nêu tên các cột",
    meaning: "The header of a CSV file says which field each cell belongs to.",
    example: "an empty .csv file",
    fix: "Write the names of the columns into the first line.")
  package static let emptyColumnName = DiagnosticCode(
    "empty-column-name", "column {position} of the header has no name",
    vi: "cột {position} của dòng tiêu đề không có tên",
    meaning: "Each column of a CSV file is named by the header.",
    example: "id,,name",
    fix: "Name the column, or remove it.")
  package static let duplicateColumn = DiagnosticCode(
    "duplicate-column", "the header names \"{column}\" twice",
    vi: "dòng tiêu đề nêu \"{column}\" hai lần",
    meaning: "Each column of a CSV file has a name of its own.",
    example: "id,name,name",
    fix: "Rename or remove one of the two.")
  package static let wrongCellCount = DiagnosticCode(
    "wrong-cell-count", "the row has {found} cells, the header names {expected}",
    vi: "bản ghi có {found} ô, dòng tiêu đề nêu {expected}",
    meaning: "Each row has one cell for each column, empty where there is nothing to say.",
    example: "id,name\n1,a,b",
    fix: "Add or remove cells; quote a cell that holds a comma or a line break.")
  package static let openQuote = DiagnosticCode(
    "open-quote", "the quote that opens in this line is never closed",
    vi: "dấu ngoặc kép mở ở dòng này không bao giờ được đóng",
    meaning: "A quoted cell ends with a quote before a comma or the end of its line.",
    example: "1,\"open",
    fix: "Close the quote, and double each quote inside the cell.")
  package static let strayQuote = DiagnosticCode(
    "stray-quote", "a quote stands inside a cell of this line",
    vi: "có dấu ngoặc kép nằm giữa một ô của dòng này",
    meaning: "A cell that holds a quote is quoted as a whole, with the quote doubled (RFC 4180).",
    example: "1,5\" pipe",
    fix: "Write \"5\"\" pipe\".")
}
