// Any bytes into Books::load: what it takes must be sound, and come back as the same bytes.
#include <string>
#include <string_view>

#include "base/check.h"
#include "books/books.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace marktwacht;
  Books books;
  ByteReader in(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!books.load(in)) {
    return 0;
  }
  check(books.fault().empty(), "loaded books are sound");
  std::string bytes;
  ByteWriter out(bytes);
  books.save(out);
  Books again;
  ByteReader once_more(bytes);
  check(again.load(once_more) && once_more.done(), "saved books are loaded");
  std::string same;
  ByteWriter out_again(same);
  again.save(out_again);
  check(same == bytes, "saved again, the bytes are the same");
  return 0;
}
