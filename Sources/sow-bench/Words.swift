/// Vietnamese text for row number n: always the same for the same number.
enum Words {
  static func name(_ n: Int) -> String {
    "\(pick(families, n)) \(pick(middles, n / 7)) \(pick(givens, n / 3))"
  }

  static func street(_ n: Int) -> String { "\(n % 300 + 1) \(pick(streets, n / 5))" }
  static func district(_ n: Int) -> String { "Phường \(pick(districts, n / 11))" }
  static func city(_ n: Int) -> String { pick(cities, n / 13) }
  static func product(_ n: Int) -> String { "\(pick(products, n)) số \(n % 40 + 1)" }
  static func date(_ n: Int) -> String {
    "\(1960 + n % 45)-\(padded(n / 3 % 12 + 1, 2))-\(padded(n / 7 % 28 + 1, 2))"
  }

  static func cents(_ n: Int) -> String { "\(n / 100).\(padded(n % 100, 2))" }

  static func padded(_ n: Int, _ width: Int) -> String {
    let digits = String(n)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func pick(_ list: [String], _ n: Int) -> String { list[n % list.count] }

  private static let families = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng"]
  private static let middles = ["Thị", "Văn", "Minh", "Ngọc", "Đức", "Thu", "Quốc", "Bảo", "Hữu"]
  private static let givens = [
    "Anh", "Bình", "Châu", "Dũng", "Giang", "Hương", "Khánh", "Lượng", "Mỹ", "Nghĩa", "Phượng",
    "Quỳnh", "Sơn", "Thảo", "Uyên", "Vũ", "Xuân", "Yến",
  ]
  private static let streets = [
    "Lê Lợi", "Nguyễn Huệ", "Trần Hưng Đạo", "Hai Bà Trưng", "Điện Biên Phủ", "Cách Mạng Tháng Tám",
  ]
  private static let districts = ["Bến Nghé", "Đa Kao", "Tân Định", "Cầu Ông Lãnh", "Phước Mỹ"]
  private static let cities = ["Hà Nội", "Đà Nẵng", "Huế", "Cần Thơ", "Thành phố Hồ Chí Minh"]
  private static let products = [
    "Cà phê Buôn Ma Thuột", "Trà Shan tuyết", "Nước mắm Phú Quốc", "Gạo ST25", "Hạt điều rang muối",
  ]
}
