//! JSON for programs: `graph.json` (`seamline.graph/1`) and `report.json` (`seamline.report/1`), with their schemas.

pub mod boundaries;
pub(super) mod convert;
pub mod graph;
pub mod plan;
pub mod report;
pub mod what_if;

use std::io;

use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::model::graph::SystemGraph;
use crate::model::report::{Artifact, Report};
use crate::render::Renderer;

/// Writes `graph.json`.
pub struct GraphJson;

impl Renderer for GraphJson {
    fn format(&self) -> &'static str {
        "graph"
    }

    fn summary(&self) -> &'static str {
        "the dependency graph for programs, seamline.graph/1 (graph.json)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "graph.json".to_owned(), bytes: graph_json(&report.graph) }]
    }
}

/// Writes `report.json`.
pub struct ReportJson;

impl Renderer for ReportJson {
    fn format(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "graph, partition and plan for programs, seamline.report/1 (report.json)"
    }

    fn render(&self, report: &Report) -> Vec<Artifact> {
        vec![Artifact { path: "report.json".to_owned(), bytes: report::report_json(report) }]
    }
}

/// `seamline.graph/1` with a final line break; what `seamline export` prints.
pub fn graph_json(graph: &SystemGraph) -> Vec<u8> {
    lines(&graph::published(graph), 2)
}

/// The JSON Schemas of the formats (draft 2020-12), sorted by name: `check-1.json`, `clustering-1.json`,
/// `declared-1.json`, `graph-1.json`, `report-1.json`, `what-if-1.json`.
pub fn schemas() -> Vec<Artifact> {
    let generator = || SchemaSettings::draft2020_12().for_serialize().into_generator();
    let artifact = |path: &str, schema: schemars::Schema| {
        let mut bytes = serde_json::to_vec_pretty(&schema).unwrap_or_default();
        bytes.push(b'\n');
        Artifact { path: path.to_owned(), bytes }
    };
    vec![
        artifact("check-1.json", generator().into_root_schema_for::<crate::render::check::json::Document>()),
        artifact("clustering-1.json", generator().into_root_schema_for::<boundaries::Clustering>()),
        artifact("declared-1.json", generator().into_root_schema_for::<boundaries::Declared>()),
        artifact("graph-1.json", generator().into_root_schema_for::<graph::Graph>()),
        artifact("report-1.json", generator().into_root_schema_for::<report::Report>()),
        artifact("what-if-1.json", generator().into_root_schema_for::<what_if::WhatIf>()),
    ]
}

/// JSON that `diff` and `grep` can read: down to `depth` levels each value stands on its own line, deeper ones are
/// written into the line.
pub(super) fn lines<T: Serialize>(value: &T, depth: usize) -> Vec<u8> {
    let mut bytes = nested_lines(value, depth, 0);
    bytes.push(b'\n');
    bytes
}

/// The same of a value that stands inside of so many others, without a line break behind it.
fn nested_lines<T: Serialize>(value: &T, depth: usize, level: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Lines { depth, level, filled: false });
    // Writing to memory cannot fail, and the published types have string keys only.
    let written = value.serialize(&mut serializer);
    debug_assert!(written.is_ok());
    bytes
}

struct Lines {
    depth: usize,
    level: usize,
    /// Whether the array or object that was opened or closed last has a value.
    filled: bool,
}

impl Lines {
    fn open(&mut self) {
        self.level += 1;
        self.filled = false;
    }

    fn close<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        let broken = self.level <= self.depth && self.filled;
        self.level -= 1;
        self.filled = true;
        if broken {
            self.indent(writer)?;
        }
        writer.write_all(bracket)
    }

    fn separate<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.filled = true;
        if !first {
            writer.write_all(b",")?;
        }
        if self.level <= self.depth {
            self.indent(writer)
        } else if first {
            Ok(())
        } else {
            writer.write_all(b" ")
        }
    }

    fn indent<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.level).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open();
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open();
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_down_to_the_depth_only() {
        let value = serde_json::json!({"a": [{"b": [1, 2]}, {}], "c": [], "d": {"e": {}}});
        let text = String::from_utf8(lines(&value, 2)).expect("UTF-8");
        let expected =
            "{\n  \"a\": [\n    {\"b\": [1, 2]},\n    {}\n  ],\n  \"c\": [],\n  \"d\": {\n    \"e\": {}\n  }\n}\n";
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }
}
