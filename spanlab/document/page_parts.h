// The files that every HTML report carries, embedded by the build (cmake/embed_text.cmake).
#pragma once

#include <string_view>

namespace spanlab {

extern const std::string_view page_style;     ///< page.css
extern const std::string_view chart_kinds;    ///< chart_kinds.js
extern const std::string_view page_script;    ///< charts.js, after chart_kinds
extern const std::string_view chart_library;  ///< chart.min.js with its licence notice

}  // namespace spanlab
