// Files read whole and replaced atomically.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace spanlab {

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
/// is untouched. write.data stands behind the first part.
void write_file_atomically(const std::filesystem::path& path, const NextPart& next);

/// Removes the temporary files that killed writers left in `folder`. Only for a folder that nobody
/// else writes to at the time. Throws Error if the folder cannot be listed.
void remove_temporaries(const std::filesystem::path& folder);

}  // namespace spanlab
