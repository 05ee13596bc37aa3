// The CSV writer.
#include "spanlab/base/csv.h"
#include "spanlab/base/text.h"

namespace spanlab {

CsvText::CsvText(const std::vector<std::string>& header) {
  for (const std::string& name : header) cell(name);
  end_row();
}

CsvText& CsvText::cell(std::string_view text) {
  separate();
  // A reader takes blanks off a field without quotes.
  const bool blank_ends = text.starts_with(' ') || text.ends_with(' ');
  if (!blank_ends && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    text_ += text;
    return *this;
  }
  text_ += '"';
  for (const char c : text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

CsvText& CsvText::cell(double value) {
  separate();
  text_ += number_text(value);
  return *this;
}

CsvText& CsvText::cell(float value) {
  separate();
  text_ += number_text(value);
  return *this;
}

CsvText& CsvText::cell(int64_t value) {
  separate();
  text_ += number_text(value);
  return *this;
}

void CsvText::end_row() {
  text_ += '\n';
  row_started_ = false;
}

void CsvText::separate() {
  if (row_started_) text_ += ',';
  row_started_ = true;
}

}  // namespace spanlab
