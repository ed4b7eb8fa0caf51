"""Memory that the machine has at hand before something is timed."""

import mmap

PAGE = 4096


def fetch_memory(size=1 << 30):
    """Touches so much memory and gives it back. A hypervisor takes back what a machine has not used
    for some seconds, and finds it again at 0.1 GB/s: without this, what is timed first pays for
    that, and a program pays the more the more memory it has."""
    with mmap.mmap(-1, size) as memory:
        memory.madvise(mmap.MADV_HUGEPAGE)
        for at in range(0, size, PAGE):
            memory[at] = 1
