// Keys of a deployment: one line of text in a file that nobody else may read, or in the
// environment; never on a command line. docs/privacy.md.
#pragma once

#include <expected>
#include <string>

namespace marktwacht {

// A line is at least so long: a key that is guessed is none.
inline constexpr std::size_t key_characters_min = 32, key_characters_max = 1024;

// The line in the file `path`, which must be of mode 0600 or stricter. Where `path` is empty, what
// the environment has as `variable`. The text itself is the key, without its line end. Says what is
// wrong, never what stands there.
std::expected<std::string, std::string> load_key(const std::string& path, const char* variable);

// Writes a new random key (64 hexadecimal digits) into the file `path`, of mode 0600, durable when
// this returns. What exists is never overwritten. Gives the key.
std::expected<std::string, std::string> make_key_file(const std::string& path);

}  // namespace marktwacht
