// Files read whole and replaced atomically.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spanlab {

/// Whether there is anything at `path`. Throws Error if the system does not tell (a folder that may
/// not be entered, a name that is too long).
bool is_there(const std::filesystem::path& path);

/// The names of what lies in `folder`, sorted. Throws Error if it cannot be listed.
std::vector<std::string> names_in(const std::filesystem::path& folder);

/// Makes the folder and those that it lies in; one that is there is fine. Throws Error.
void make_folder(const std::filesystem::path& folder);

/// The file's bytes. Throws Error (no such file, a directory, no permission, larger than `limit`).
std::string read_file(const std::filesystem::path& path, uint64_t limit = uint64_t{1} << 32);

/// Replaces `path` by `bytes` so that a reader, or a crash at any moment, sees the old file or the
/// new one: temporary file in the same folder, fsync, rename, fsync of the folder.
/// Symbolic links are followed, the old file's permissions kept; a device or pipe is written
/// straight. Throws Error (folder missing, disk full); then the old file is untouched and no
/// temporary left. Passes the failpoints write.open, write.data (half of the bytes written),
/// write.sync and write.rename.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// The next part of a file, valid until the next call; empty: there is no more.
using NextPart = std::function<std::string_view()>;

/// The same for a file that is made part by part. What `next` throws is passed on, and the old file
/// is untouched. The failpoint write.data is passed after the first part.
void write_file_atomically(const std::filesystem::path& path, const NextPart& next);

/// Gives `to` the contents of `from` as a hard link, atomically. False where the file system has
/// none; `to` is then as it was.
bool replace_by_link(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes the temporary files that killed writers left in `folder`. Only for a folder that nobody
/// else writes to at the time. Throws Error if the folder cannot be listed.
void remove_temporaries(const std::filesystem::path& folder);

}  // namespace spanlab
