// Reads the source tree and ARCHITECTURE.md, and finds what breaks the rules of the house.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace spanlab::testing {

/// Room -> rooms that it may include, besides itself.
using Rooms = std::map<std::string, std::set<std::string>>;

/// The table under the header `| room | ... | may include |`. Throws std::runtime_error if there
/// is none, or if a room may include one that does not stand above it.
Rooms read_rooms(const std::filesystem::path& architecture);

/// Each function gives one line a violation: "path:line: what".
/// `library` is the folder that holds the rooms.
std::vector<std::string> forbidden_includes(const std::filesystem::path& library,
                                            const Rooms& rooms);
/// Headers, except *-inl.h (parts of .cpp files, never installed), include the standard library
/// and the library itself only.
std::vector<std::string> third_party_in_headers(const std::filesystem::path& library);
/// Every source file of the folders starts with a comment.
std::vector<std::string> files_without_opening_comment(
    const std::vector<std::filesystem::path>& folders);
/// No source file of the folders is longer than `limit` lines, but for the `excused` (paths).
std::vector<std::string> long_files(const std::vector<std::filesystem::path>& folders, int limit,
                                    const std::set<std::string>& excused);

}  // namespace spanlab::testing
