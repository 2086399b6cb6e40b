//! A system built by hand, symbol by symbol.

use seamline::model::fact::Visibility;
use seamline::model::graph::{
    Access, CallEdge, Confidence, Endpoint, Evidence, File, FileId, Module, ModuleId, ReferenceEdge, ReferenceKind,
    Store, StoreId, StoreKind, Symbol, SymbolId, SymbolKind, SystemGraph,
};
use seamline::model::source::Role;
use seamline::model::sql::Operation;

/// A system to build by hand.
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) graph: SystemGraph,
}

impl Builder {
    pub(crate) fn file(&mut self, path: &str) -> FileId {
        if let Some(at) = self.graph.files.iter().position(|it| it.path == path) {
            return FileId(at as u32);
        }
        let file = FileId(self.graph.files.len() as u32);
        let module = ModuleId(self.graph.modules.len() as u32);
        let name = path.trim_end_matches(".py").replace('/', ".");
        let symbol = SymbolId(self.graph.symbols.len() as u32);
        self.graph.files.push(File {
            path: path.to_owned(),
            language: "python".to_owned(),
            role: Role::Production,
            lines: 100,
            bytes: 1000,
            module: Some(module),
        });
        self.graph.modules.push(Module {
            name: name.clone(),
            file,
            package: String::new(),
            language: "python".to_owned(),
            role: Role::Production,
            symbol,
            starts_at: None,
        });
        self.symbol(&name, SymbolKind::Module, file, 1);
        file
    }

    pub(crate) fn symbol(&mut self, name: &str, kind: SymbolKind, file: FileId, line: u32) -> SymbolId {
        let module = self.graph.files[file.index()].module.unwrap();
        self.graph.symbols.push(Symbol {
            name: name.to_owned(),
            kind,
            file,
            line,
            end_line: line + 5,
            module,
            parent: None,
            visibility: Visibility::Public,
            role: Role::Production,
            signature: String::new(),
        });
        SymbolId(self.graph.symbols.len() as u32 - 1)
    }

    pub(crate) fn function(&mut self, path: &str, name: &str) -> SymbolId {
        let file = self.file(path);
        let line = 10 + 10 * self.graph.symbols.iter().filter(|it| it.file == file).count() as u32;
        let full = format!("{}.{name}", path.trim_end_matches(".py").replace('/', "."));
        self.symbol(&full, SymbolKind::Function, file, line)
    }

    pub(crate) fn store(&mut self, name: &str) -> StoreId {
        if let Some(at) = self.graph.stores.iter().position(|it| it.name == name) {
            return StoreId(at as u32);
        }
        self.graph.stores.push(Store {
            name: name.to_owned(),
            kind: StoreKind::Table,
            schema: None,
            columns: Vec::new(),
            foreign_keys: Vec::new(),
            defined_at: Vec::new(),
            entities: Vec::new(),
            conflicts: Vec::new(),
            seeded_at: Vec::new(),
        });
        StoreId(self.graph.stores.len() as u32 - 1)
    }

    pub(crate) fn evidence(&self, symbol: SymbolId) -> Evidence {
        let symbol = self.graph.symbol(symbol);
        Evidence { file: symbol.file, line: symbol.line + 1 }
    }

    pub(crate) fn access(&mut self, symbol: SymbolId, store: &str, operation: Operation) {
        let store = self.store(store);
        let evidence = self.evidence(symbol);
        self.graph.accesses.push(Access {
            symbol,
            store,
            operation,
            columns: Vec::new(),
            via: "test".to_owned(),
            confidence: Confidence::Certain,
            evidence,
            in_loop: false,
            by_callers: false,
            cascaded: false,
            predicates: Vec::new(),
        });
    }

    pub(crate) fn guess(&mut self, symbol: SymbolId, store: &str, operation: Operation) {
        self.access(symbol, store, operation);
        self.graph.accesses.last_mut().unwrap().confidence = Confidence::Guess;
    }

    /// A method of a type, which is made when it is missing.
    pub(crate) fn method(&mut self, path: &str, of: &str, name: &str) -> SymbolId {
        let full = format!("{}.{of}", path.trim_end_matches(".py").replace('/', "."));
        let known = self.graph.symbols.iter().position(|it| it.name == full);
        let parent = if let Some(at) = known {
            SymbolId(at as u32)
        } else {
            let file = self.file(path);
            self.symbol(&full, SymbolKind::Type, file, 1)
        };
        let id = self.function(path, &format!("{of}.{name}"));
        self.graph.symbols[id.index()].kind = SymbolKind::Method;
        self.graph.symbols[id.index()].parent = Some(parent);
        id
    }

    pub(crate) fn call(&mut self, from: SymbolId, to: SymbolId) {
        let evidence = self.evidence(from);
        self.graph.calls.push(CallEdge { from, to, evidence, confidence: Confidence::Certain });
    }

    /// The function names the type.
    pub(crate) fn names(&mut self, from: SymbolId, to: SymbolId) {
        let evidence = self.evidence(from);
        self.graph.references.push(ReferenceEdge { from, to, kind: ReferenceKind::Uses, evidence });
    }

    pub(crate) fn endpoint(&mut self, handler: SymbolId, path: &str) {
        let evidence = self.evidence(handler);
        self.graph.endpoints.push(Endpoint {
            method: "GET".to_owned(),
            path: path.to_owned(),
            handler,
            registers: false,
            framework: "test".to_owned(),
            evidence,
        });
    }

    pub(crate) fn done(mut self) -> SystemGraph {
        self.graph.accesses.sort();
        self.graph.calls.sort();
        self.graph.references.sort();
        self.graph
    }
}
