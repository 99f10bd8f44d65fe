package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The error of the last system call: in English in the words of the system, `No such file or
/// directory`; rare ones are quoted in every other language.
package func systemErrorText(_ code: Int32 = errno) -> Phrase {
  let words = strerror(code).map { String(cString: $0) } ?? "error \(code)"
  let common: String? =
    switch code {
    case ENOENT: "không có tệp hay thư mục như vậy"
    case EACCES: "không có quyền truy cập"
    case EPERM: "thao tác không được phép"
    case EROFS: "hệ thống tệp chỉ cho đọc"
    case EISDIR: "đây là một thư mục"
    case ENOTDIR: "đây không phải là thư mục"
    case ENOSPC: "đĩa đã đầy"
    case EDQUOT: "đã hết hạn mức đĩa"
    case EFBIG: "tệp quá lớn"
    case EIO: "lỗi vào ra"
    case ELOOP: "quá nhiều liên kết tượng trưng"
    case ENAMETOOLONG: "tên quá dài"
    case EEXIST: "đã tồn tại"
    case EMFILE, ENFILE: "quá nhiều tệp đang mở"
    default: nil
    }
  return common.map { Phrase(words, vi: $0) }
    ?? .quoted(words, of: Phrase("the system", vi: "hệ thống"))
}

/// What the system refused to do with a file.
package struct FileFailure: Error, CustomStringConvertible {
  package let action: Action
  package let path: String
  package let reason: Phrase

  package enum Action: Sendable {
    case create, lock, open, read, remove, rename, setMode, sync, write
  }

  /// Takes the reason from the system call before.
  init(_ action: Action, _ path: String) {
    let code = errno
    self.action = action
    self.path = path
    reason = systemErrorText(code)
  }

  /// What was refused and why, where the path is said beside it: `cannot write it: …`.
  package var problem: Phrase { sentence(of: Phrase("it", vi: "nó")) }

  /// The same with the path: `cannot write "a": …`.
  package var sentence: Phrase { sentence(of: "\"\(path)\"") }

  package var description: String { sentence.english }

  private func sentence(of file: any Fact) -> Phrase {
    let words =
      switch action {
      case .create: Phrase("cannot create {file}: {reason}", vi: "không tạo được {file}: {reason}")
      case .lock: Phrase("cannot lock {file}: {reason}", vi: "không khóa được {file}: {reason}")
      case .open: Phrase("cannot open {file}: {reason}", vi: "không mở được {file}: {reason}")
      case .read: Phrase("cannot read {file}: {reason}", vi: "không đọc được {file}: {reason}")
      case .remove: Phrase("cannot remove {file}: {reason}", vi: "không xóa được {file}: {reason}")
      case .rename:
        Phrase("cannot rename {file}: {reason}", vi: "không đổi tên được {file}: {reason}")
      case .setMode:
        Phrase(
          "cannot set the mode of {file}: {reason}",
          vi: "không đặt được quyền của {file}: {reason}")
      case .sync: Phrase("cannot sync {file}: {reason}", vi: "không đồng bộ được {file}: {reason}")
      case .write: Phrase("cannot write {file}: {reason}", vi: "không ghi được {file}: {reason}")
      }
    return words.filled(["file": file, "reason": reason])
  }
}
