//! One file to its facts, in parallel, cached by content; knows no other file.
