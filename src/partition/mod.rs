//! A graph to a partition: service candidates, shared kernel, edge layer.
