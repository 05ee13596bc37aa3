// Reads the source tree and its declarations, and finds violations of the structural rules.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace spanlab::testing {

/// Room -> rooms that it may include, besides itself.
using Rooms = std::map<std::string, std::set<std::string>>;

/// The declarations `spanlab_room(NAME USES ROOM... NEEDS LIBRARY...)`. Throws std::runtime_error
/// if there is none, or if a room uses one that is not declared before it.
Rooms read_rooms(const std::filesystem::path& declarations);

/// The table under the header `| room | ... | may include |`. Throws std::runtime_error if there is
/// none.
Rooms read_table(const std::filesystem::path& architecture);

/// Each function gives one line a violation: "path:line: what".
/// `library` is the folder that holds the rooms.
std::vector<std::string> forbidden_includes(const std::filesystem::path& library,
                                            const Rooms& rooms);
/// Rooms that are declared to use another and have no file that includes one of it.
std::vector<std::string> unused_rooms(const std::filesystem::path& library, const Rooms& rooms);
/// `header` and all headers of the library that it includes, directly or through others.
std::set<std::string> headers_behind(const std::filesystem::path& header);
/// These headers include the standard library and the library itself only.
std::vector<std::string> third_party_in(const std::set<std::string>& headers);
/// What stands on the library (program, examples) includes of it these headers only.
std::vector<std::string> private_includes(const std::filesystem::path& folder,
                                          const std::set<std::string>& headers);
/// Files of the folder that include a header of the folder `library` ("CLI"), but for `excused`.
std::vector<std::string> users_of(const std::filesystem::path& folder, const std::string& library,
                                  const std::string& excused);
/// Only kernels, which are compiled once per instruction set, have parts named *-inl.h.
std::vector<std::string> misnamed_parts(const std::filesystem::path& library);
/// Every source file of the folders starts with a comment.
std::vector<std::string> files_without_opening_comment(
    const std::vector<std::filesystem::path>& folders);
/// No source file of the folders is longer than `limit` lines, but for the `excused` (paths).
std::vector<std::string> long_files(const std::vector<std::filesystem::path>& folders, int limit,
                                    const std::set<std::string>& excused);

}  // namespace spanlab::testing
