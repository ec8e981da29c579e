/// Style sheet and script of HTML pages, for light and dark, wide and narrow screens: the files page.css and page.js.
enum HTMLStyle {
  /// The style sheet.
  static let sheet = String(decoding: PackageResources.page_css, as: UTF8.self)

  /// Sorts tables by a column, and opens what a link leads into.
  static let script = String(decoding: PackageResources.page_js, as: UTF8.self)
}
