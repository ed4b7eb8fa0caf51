// Memory for the big tables: see huge_pages.h.
#include "base/huge_pages.h"

#include <sys/mman.h>

#include "base/check.h"

namespace marktwacht {
namespace {

constexpr std::size_t page_bytes = std::size_t{2} << 20;

std::size_t rounded(std::size_t bytes) { return (bytes + page_bytes - 1) & ~(page_bytes - 1); }

}  // namespace

void* map_pages(std::size_t bytes, PageSize size) {
  const std::size_t wanted = rounded(bytes);
  const std::size_t mapped = wanted + page_bytes;  // room to align, given back at once
  void* const map =
      mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(map != MAP_FAILED, "the system has memory left");
  char* const from = static_cast<char*>(map);
  const std::size_t before =
      rounded(reinterpret_cast<std::uintptr_t>(map)) - reinterpret_cast<std::uintptr_t>(map);
  if (before > 0) {
    munmap(from, before);
  }
  if (before < page_bytes) {
    munmap(from + before + wanted, page_bytes - before);
  }
  if (size == PageSize::huge) {
    madvise(from + before, wanted, MADV_HUGEPAGE);  // a wish: small pages do as well
  }
  return from + before;
}

void unmap_pages(void* pages, std::size_t bytes) { munmap(pages, rounded(bytes)); }

}  // namespace marktwacht
