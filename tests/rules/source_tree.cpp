// The rules, each a loop over lines.
#include "tests/rules/source_tree.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <regex>
#include <stdexcept>

namespace spanlab::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> source_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".h" || extension == ".cpp") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string place(const fs::path& file, size_t line) {
  return file.generic_string() + ":" + std::to_string(line + 1) + ": ";
}

struct Include {
  fs::path file;
  size_t line;
  bool quoted;  // "..." rather than <...>
  std::string target;
};

void for_each_include(const fs::path& folder, const std::function<void(const Include&)>& f) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)re");
  for (const fs::path& file : source_files(folder)) {
    const std::vector<std::string> lines = lines_of(file);
    for (size_t i = 0; i < lines.size(); ++i) {
      std::smatch match;
      if (std::regex_match(lines[i], match, kInclude)) f({file, i, match[1] == "\"", match[2]});
    }
  }
}

// "base, bars" -> {base, bars}; "nothing" -> {}.
std::set<std::string> words_of(const std::string& cell) {
  static const std::regex kWord("[a-z_]+");
  std::set<std::string> words;
  for (std::sregex_iterator it(cell.begin(), cell.end(), kWord), end; it != end; ++it) {
    words.insert(it->str());
  }
  words.erase("nothing");
  return words;
}

}  // namespace

Rooms read_rooms(const fs::path& declarations) {
  static const std::regex kRoom(R"(spanlab_room\(([a-z_]+)([^)]*)\))");
  std::string text;
  for (const std::string& line : lines_of(declarations)) {
    if (!line.starts_with('#')) text += line + ' ';
  }
  Rooms rooms;
  for (std::sregex_iterator it(text.begin(), text.end(), kRoom), end; it != end; ++it) {
    std::string uses = (*it)[2];
    uses = uses.substr(0, uses.find("NEEDS"));
    const std::set<std::string> allowed = words_of(uses);
    for (const std::string& room : allowed) {
      if (!rooms.contains(room)) {
        throw std::runtime_error(declarations.string() + ": " + (*it)[1].str() + " uses the room " +
                                 room + ", which is not declared before it");
      }
    }
    rooms[(*it)[1]] = allowed;
  }
  if (rooms.empty()) throw std::runtime_error(declarations.string() + ": no rooms");
  return rooms;
}

Rooms read_table(const fs::path& architecture) {
  static const std::regex kHeader(R"(^\| room \|.*\| may include \|$)");
  static const std::regex kRow(R"(^\| ([a-z_]+) \|.*\| ([a-z_, ]+) \|$)");
  const std::vector<std::string> lines = lines_of(architecture);
  auto line = std::find_if(lines.begin(), lines.end(),
                           [](const auto& text) { return std::regex_match(text, kHeader); });
  if (line == lines.end()) {
    throw std::runtime_error(architecture.string() + ": no table of rooms");
  }
  Rooms rooms;
  std::smatch match;
  for (line += 2; line < lines.end() && std::regex_match(*line, match, kRow); ++line) {
    rooms[match[1]] = words_of(match[2]);
  }
  return rooms;
}

std::vector<std::string> unused_rooms(const fs::path& library, const Rooms& rooms) {
  Rooms used;
  const std::string prefix = library.filename().string() + "/";
  for_each_include(library, [&](const Include& include) {
    if (!include.target.starts_with(prefix)) return;
    const std::string own = fs::relative(include.file, library).begin()->string();
    const std::string rest = include.target.substr(prefix.size());
    used[own].insert(rest.substr(0, rest.find('/')));
  });
  std::vector<std::string> found;
  for (const auto& [room, allowed] : rooms) {
    for (const std::string& other : allowed) {
      if (!used[room].contains(other)) {
        found.push_back(room + " is declared to use " + other + ", and no file of it does");
      }
    }
  }
  return found;
}

std::set<std::string> headers_behind(const fs::path& header) {
  std::set<std::string> found;
  std::vector<std::string> left{header.generic_string()};
  static const std::regex kOwn(R"re(^#include "(spanlab/[^"]+)".*)re");
  while (!left.empty()) {
    const std::string file = left.back();
    left.pop_back();
    if (!found.insert(file).second) continue;
    std::smatch match;
    for (const std::string& line : lines_of(file)) {
      if (std::regex_match(line, match, kOwn)) left.push_back(match[1]);
    }
  }
  return found;
}

std::vector<std::string> forbidden_includes(const fs::path& library, const Rooms& rooms) {
  std::vector<std::string> found;
  const std::string prefix = library.filename().string() + "/";
  for (const fs::path& file : source_files(library)) {
    const std::string room = fs::relative(file, library).begin()->string();
    // The one header that opens the library stands before its rooms.
    if (room == library.filename().string() + ".h") continue;
    if (!rooms.contains(room)) found.push_back(place(file, 0) + "not in a room of the table");
  }
  for_each_include(library, [&](const Include& include) {
    if (!include.quoted && !include.target.starts_with(prefix)) return;
    const std::string own = fs::relative(include.file, library).begin()->string();
    if (!rooms.contains(own)) return;  // told above
    if (!include.target.starts_with(prefix)) {
      found.push_back(place(include.file, include.line) + "\"" + include.target +
                      "\" should read \"" + prefix + "ROOM/FILE.h\"");
      return;
    }
    const std::string rest = include.target.substr(prefix.size());
    const std::string room = rest.substr(0, rest.find('/'));
    if (room != own && !rooms.at(own).contains(room)) {
      found.push_back(place(include.file, include.line) + own + " may not include " + room);
    }
  });
  return found;
}

std::vector<std::string> third_party_in(const std::set<std::string>& headers) {
  // Standard headers have neither a slash nor an extension; those of POSIX are not needed.
  static const std::regex kForeign(R"(^\s*#\s*include\s*<([^>]*[/.][^>]*)>.*)");
  std::vector<std::string> found;
  for (const std::string& header : headers) {
    const std::vector<std::string> lines = lines_of(header);
    std::smatch match;
    for (size_t i = 0; i < lines.size(); ++i) {
      if (!std::regex_match(lines[i], match, kForeign)) continue;
      found.push_back(place(header, i) + "a header includes <" + match[1].str() + ">");
    }
  }
  return found;
}

std::vector<std::string> private_includes(const fs::path& folder,
                                          const std::set<std::string>& headers) {
  std::vector<std::string> found;
  for_each_include(folder, [&](const Include& include) {
    if (!include.target.starts_with("spanlab/") || headers.contains(include.target)) return;
    found.push_back(place(include.file, include.line) + include.target + " is private");
  });
  return found;
}

std::vector<std::string> users_of(const fs::path& folder, const std::string& library,
                                  const std::string& excused) {
  std::vector<std::string> found;
  for_each_include(folder, [&](const Include& include) {
    if (!include.target.starts_with(library + "/")) return;
    if (include.file.generic_string() == excused) return;
    found.push_back(place(include.file, include.line) + "only " + excused + " includes " + library);
  });
  return found;
}

std::vector<std::string> misnamed_parts(const fs::path& library) {
  std::vector<std::string> found;
  for (const fs::path& file : source_files(library)) {
    const bool part = file.filename().string().ends_with("-inl.h");
    if (part && file.parent_path().filename() != "kernels") {
      found.push_back(place(file, 0) + "only kernels have parts named *-inl.h");
    }
  }
  return found;
}

std::vector<std::string> files_without_opening_comment(const std::vector<fs::path>& folders) {
  std::vector<std::string> found;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : source_files(folder)) {
      const std::vector<std::string> lines = lines_of(file);
      if (lines.empty() || !lines[0].starts_with("// ")) {
        found.push_back(place(file, 0) + "the first line does not say what the file is");
      }
    }
  }
  return found;
}

std::vector<std::string> long_files(const std::vector<fs::path>& folders, int limit,
                                    const std::set<std::string>& excused) {
  std::vector<std::string> found;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : source_files(folder)) {
      const size_t lines = lines_of(file).size();
      if (lines > static_cast<size_t>(limit) && !excused.contains(file.generic_string())) {
        found.push_back(place(file, lines - 1) + "longer than " + std::to_string(limit) +
                        " lines: split it by meaning");
      }
    }
  }
  return found;
}

}  // namespace spanlab::testing
