// A library needs a source; this one is for its precompiled header.
