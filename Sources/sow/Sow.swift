@main
enum Sow {
  static func main() {}
}
