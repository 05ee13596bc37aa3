// The list of tables, gathered from the row types.
#include "spanlab/runs/table_rows.h"

namespace spanlab {

std::string TableDescription::header(const std::vector<std::string>& tensors) const {
  std::string text;
  for (const Heading& column : columns) text.append(text.empty() ? "" : ",").append(column.name);
  if (tensor_help.empty()) return text;
  for (const std::string& tensor : tensors) text.append(",").append(tensor);
  return text;
}

const std::vector<TableDescription>& described_tables() {
  static const std::vector<TableDescription> tables = [] {
    std::vector<TableDescription> all;
    RunRecord().for_each_table([&]<class Row>(const std::vector<Row>&) {
      const bool from_0 = Row::kForm.first_epoch == 0;
      TableDescription& table = all.emplace_back();
      table = {Row::kForm, {{"epoch", from_0 ? "0: before the first step" : "from 1"}}, ""};
      Row().columns([&](const Column& column) {
        if (std::holds_alternative<std::vector<double>*>(column.value)) {
          table.tensor_help = column.help;
        } else {
          table.columns.push_back({column.full_name(), std::string(column.help)});
        }
      });
    });
    return all;
  }();
  return tables;
}

}  // namespace spanlab
