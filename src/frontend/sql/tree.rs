//! Walks a parsed statement: which tables it reads and writes, with scopes, so that neither an alias nor the name of
//! a common table expression is ever taken for a table.

mod expressions;
mod writes;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::Spanned;
use sqlparser::ast::{
    Assignment, AssignmentTarget, Cte, Expr, Function, Ident, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart,
    PivotValueSource, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement, TableAlias,
    TableFactor, TableFunctionArgs, TableWithJoins, Value, Visit, Visitor,
};

use crate::frontend::sql::rewrite::{MARK, unmarked};
use crate::model::fact::Text;
use crate::model::sql::{Operation, SqlAccess, SqlPredicate, StoreName};

/// Words that name no table unless they are quoted: where the grammar takes one for a name, the name is missing
/// (`DELETE FROM WHERE ..`) or is none (`VACUUM INTO`).
pub(super) const RESERVED: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "INTO",
    "SET",
    "VALUES",
    "USING",
    "JOIN",
    "ON",
    "AND",
    "OR",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "HAVING",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "ALTER",
    "DROP",
];

/// How names are to be understood.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Naming {
    /// Unquoted names are folded to lower case.
    pub(super) fold: bool,
    /// `"x"` may be a string.
    pub(super) quotes_may_be_text: bool,
    /// Bare names may be variables, and FROM may name one.
    pub(super) in_routine: bool,
    /// A query that mentions its own name in the second half of a union is recursive without saying so.
    pub(super) implicit_recursion: bool,
    /// `FROM t, t.items` unfolds an array of `t`.
    pub(super) nested_arrays: bool,
}

/// Everything found, merged by table and operation.
#[derive(Debug, Default)]
pub(super) struct Found {
    accesses: Vec<Gathered>,
    pub(super) joins: Vec<Vec<StoreName>>,
    pub(super) predicates: Vec<SqlPredicate>,
    pub(super) result_columns: Vec<Text>,
}

#[derive(Debug)]
struct Gathered {
    store: StoreName,
    operation: Operation,
    columns: BTreeSet<Text>,
    line: u32,
    partial: bool,
    /// More columns are written than are named: a hole stands among them.
    open: bool,
}

impl Found {
    /// Index of the access; one entry for each table and operation.
    pub(super) fn access(&mut self, store: &StoreName, operation: Operation, line: u32, partial: bool) -> usize {
        if let Some(at) = self.accesses.iter().position(|known| known.store == *store && known.operation == operation) {
            self.accesses[at].line = self.accesses[at].line.min(line);
            return at;
        }
        self.accesses.push(Gathered {
            store: store.clone(),
            operation,
            columns: BTreeSet::new(),
            line,
            partial,
            open: false,
        });
        self.accesses.len() - 1
    }

    pub(super) fn column(&mut self, access: usize, column: Text) {
        if let Some(known) = self.accesses.get_mut(access) {
            known.columns.insert(column);
        }
    }

    pub(super) fn join(&mut self, stores: impl IntoIterator<Item = StoreName>) {
        let joined: BTreeSet<StoreName> = stores.into_iter().collect();
        if joined.len() > 1 {
            let joined: Vec<StoreName> = joined.into_iter().collect();
            if !self.joins.contains(&joined) {
                self.joins.push(joined);
            }
        }
    }

    /// Adds what another text found, `lines` further down.
    pub(super) fn absorb(&mut self, other: Self, lines: u32) {
        for access in other.accesses {
            let at = self.access(&access.store, access.operation, access.line + lines, access.partial);
            self.accesses[at].columns.extend(access.columns);
            self.accesses[at].open |= access.open;
        }
        for join in other.joins {
            self.join(join);
        }
        for predicate in other.predicates {
            if !self.predicates.contains(&predicate) {
                self.predicates.push(predicate);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.accesses.is_empty()
    }

    /// Accesses in order of operation and first mention.
    pub(super) fn into_accesses(self) -> Vec<SqlAccess> {
        self.accesses
            .into_iter()
            .map(|access| SqlAccess {
                store: access.store,
                operation: access.operation,
                columns: if access.open { Vec::new() } else { access.columns.into_iter().collect() },
                line: access.line,
                partial: access.partial,
            })
            .collect()
    }

    /// Drops what turned out to be no access.
    pub(super) fn forget(&mut self, store: &StoreName, operation: Operation) {
        self.accesses.retain(|access| access.store != *store || access.operation != operation);
    }

    /// Puts the table in the place of an alias that was taken for one.
    pub(super) fn resolve_alias(&mut self, alias: &str, operation: Operation, store: &StoreName) {
        let mut found = false;
        for access in &mut self.accesses {
            if access.operation == operation
                && access.store.schema.is_none()
                && access.store.name.to_lowercase() == alias
                && access.store != *store
            {
                access.store = store.clone();
                found = true;
            }
        }
        if found {
            // The mention behind FROM is the target itself.
            self.forget(store, Operation::Select);
        }
    }

    /// Drops a name that stands for no table.
    pub(super) fn forget_name(&mut self, name: &str) {
        self.accesses.retain(|access| access.store.schema.is_some() || access.store.name != name);
        for join in &mut self.joins {
            join.retain(|store| store.schema.is_some() || store.name != name);
        }
        self.joins.retain(|join| join.len() > 1);
    }

    pub(super) fn reads(&self) -> Vec<StoreName> {
        let reads: BTreeSet<&StoreName> = self
            .accesses
            .iter()
            .filter(|access| access.operation == Operation::Select)
            .map(|access| &access.store)
            .collect();
        reads.into_iter().cloned().collect()
    }
}

/// What one parsed statement touches. Lines count from the start of the parsed text.
pub(super) fn statement(statement: &Statement, naming: Naming) -> Found {
    let mut walk = Walk { naming, found: Found::default(), ctes: Vec::new(), targets: Vec::new() };
    walk.statement(statement, None);
    walk.found
}

/// A name that a FROM clause binds.
#[derive(Clone, Debug)]
struct Binding {
    /// Lower case.
    alias: String,
    /// `None` for what is no table of its own: subqueries, CTEs, functions.
    store: Option<StoreName>,
    /// Access that columns read through this name belong to.
    access: Option<usize>,
}

/// Names visible at one level of a query.
struct Scope<'p> {
    outer: Option<&'p Scope<'p>>,
    bindings: Vec<Binding>,
}

impl<'p> Scope<'p> {
    fn new(outer: Option<&'p Scope<'p>>) -> Self {
        Self { outer, bindings: Vec::new() }
    }

    fn find(&self, alias: &str) -> Option<&Binding> {
        let lower = alias.to_lowercase();
        self.bindings
            .iter()
            .find(|binding| binding.alias == lower)
            .or_else(|| self.outer.and_then(|outer| outer.find(alias)))
    }

    /// The binding that unqualified columns must belong to.
    fn only(&self) -> Option<&Binding> {
        match self.bindings.as_slice() {
            [binding] if self.outer.is_none() => Some(binding),
            _ => None,
        }
    }

    fn stores(&self) -> impl Iterator<Item = StoreName> + '_ {
        self.bindings.iter().filter_map(|binding| binding.store.clone())
    }
}

/// A common table expression in sight.
struct Named {
    /// Lower case.
    name: String,
    /// The only table it reads, if there is just one: what a `DELETE FROM cte` changes.
    base: Option<StoreName>,
}

struct Walk {
    naming: Naming,
    found: Found,
    ctes: Vec<Named>,
    /// Mentions in the FROM clause at hand that are the statement's own targets: table and the name it goes by.
    targets: Vec<(ObjectName, String)>,
}

/// A table's name with what is known about it.
struct Target {
    store: StoreName,
    partial: bool,
    line: u32,
}

impl Walk {
    fn ident(&self, ident: &Ident) -> (String, bool) {
        let (name, partial) = unmarked(&ident.value);
        if self.naming.fold && ident.quote_style.is_none() { (name.to_lowercase(), partial) } else { (name, partial) }
    }

    /// `None` for what cannot be a table: variables, functions, the empty table of Oracle and `MySQL`.
    fn target(&self, name: &ObjectName) -> Option<Target> {
        let mut parts = Vec::new();
        let mut partial = false;
        for part in &name.0 {
            let ObjectNamePart::Identifier(ident) = part else { return None };
            let (text, holes) = self.ident(ident);
            // Some grammars give a quoted `a.b` path, others an empty part for `db..table`.
            partial |= holes;
            parts.push(text);
        }
        let last = parts.pop()?;
        let is_variable = last.starts_with(['@', ':', '$']);
        let is_bare = matches!(name.0.as_slice(), [ObjectNamePart::Identifier(it)] if it.quote_style.is_none());
        let is_reserved = is_bare && RESERVED.iter().any(|it| last.eq_ignore_ascii_case(it));
        if last.is_empty() || is_variable || is_reserved || parts.is_empty() && last.eq_ignore_ascii_case("dual") {
            return None;
        }
        let schema = (!parts.is_empty()).then(|| Text::from(parts.join(".")));
        let line = (name.span().start.line as u32).max(1);
        Some(Target { store: StoreName { schema, name: last.into() }, partial, line })
    }

    fn is_cte(&self, name: &ObjectName) -> Option<&Named> {
        let [ObjectNamePart::Identifier(ident)] = name.0.as_slice() else { return None };
        let lower = ident.value.to_lowercase();
        self.ctes.iter().rev().find(|known| known.name == lower)
    }

    fn statement(&mut self, statement: &Statement, outer: Option<&Scope<'_>>) {
        match statement {
            Statement::Query(query) => {
                if outer.is_none() && self.ctes.is_empty() {
                    self.found.result_columns = result_columns(&query.body);
                }
                self.query(query, outer);
            }
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Merge(merge) => self.merge(merge),
            Statement::ExplainTable { .. } => {}
            other => {
                let mut inner = Inner { walk: self, depth: 0, root: true };
                let _ = other.visit(&mut inner);
            }
        }
    }

    fn query(&mut self, query: &Query, outer: Option<&Scope<'_>>) {
        let mark = self.ctes.len();
        let targets = std::mem::take(&mut self.targets);
        if let Some(with) = &query.with {
            if with.recursive {
                for cte in &with.cte_tables {
                    self.ctes.push(Named { name: cte.alias.name.value.to_lowercase(), base: None });
                }
                for cte in &with.cte_tables {
                    self.query(&cte.query, outer);
                }
            } else {
                for cte in &with.cte_tables {
                    self.cte(cte, outer);
                }
            }
        }
        if let SetExpr::Select(select) = query.body.as_ref() {
            let scope = self.select(select, outer);
            let aliases = aliases(select);
            if let Some(order_by) = &query.order_by {
                self.exprs(order_by, &scope, &aliases);
            }
            self.exprs(&query.limit_clause, &scope, &aliases);
        } else {
            self.set_expr(&query.body, outer, None);
            let scope = Scope { outer, bindings: vec![] };
            self.exprs(&query.order_by, &scope, &[]);
            self.exprs(&query.limit_clause, &scope, &[]);
        }
        if !query.pipe_operators.is_empty() {
            let scope = Scope { outer, bindings: vec![] };
            self.exprs(&query.pipe_operators, &scope, &[]);
        }
        self.targets = targets;
        self.ctes.truncate(mark);
    }

    fn cte(&mut self, cte: &Cte, outer: Option<&Scope<'_>>) {
        let name = cte.alias.name.value.to_lowercase();
        let first = self.found.accesses.len();
        let recursive = self.naming.implicit_recursion
            && cte.query.with.is_none()
            && matches!(cte.query.body.as_ref(), SetExpr::SetOperation { .. });
        if recursive {
            let mark = self.ctes.len();
            self.set_expr(&cte.query.body, outer, Some(&name));
            self.ctes.truncate(mark);
        } else {
            self.query(&cte.query, outer);
        }
        let base = match &self.found.accesses[first..] {
            [only] if only.operation == Operation::Select => Some(only.store.clone()),
            _ => None,
        };
        self.ctes.push(Named { name, base });
    }

    /// `recursive`: name that the right side of a union may mean itself by.
    fn set_expr(&mut self, body: &SetExpr, outer: Option<&Scope<'_>>, recursive: Option<&str>) {
        match body {
            SetExpr::Select(select) => {
                self.select(select, outer);
            }
            SetExpr::Query(query) => self.query(query, outer),
            SetExpr::SetOperation { .. } => {
                // Long chains lean to the left: a loop, not a recursion.
                let mut rights = Vec::new();
                let mut leftmost = body;
                while let SetExpr::SetOperation { left, right, .. } = leftmost {
                    rights.push(right);
                    leftmost = left;
                }
                self.set_expr(leftmost, outer, None);
                if let Some(name) = recursive {
                    self.ctes.push(Named { name: name.to_owned(), base: None });
                }
                for right in rights.into_iter().rev() {
                    self.set_expr(right, outer, None);
                }
            }
            SetExpr::Values(values) => {
                let scope = Scope { outer, bindings: vec![] };
                self.exprs(values, &scope, &[]);
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => self.statement(statement, outer),
            SetExpr::Table(table) => {
                let Some(name) = &table.table_name else { return };
                let known = name.to_lowercase();
                if table.schema_name.is_none() && self.ctes.iter().any(|cte| cte.name == known) {
                    return;
                }
                let (name, partial) = unmarked(name);
                let name = if self.naming.fold { name.to_lowercase() } else { name };
                let store = StoreName { schema: table.schema_name.as_deref().map(Text::from), name: name.into() };
                self.found.access(&store, Operation::Select, 1, partial);
            }
        }
    }

    fn select<'p>(&mut self, select: &Select, outer: Option<&'p Scope<'p>>) -> Scope<'p> {
        let mut scope = Scope::new(outer);
        for from in &select.from {
            self.from(from, &mut scope);
        }
        for view in &select.lateral_views {
            scope.bindings.push(derived(&view.lateral_view_name.to_string()));
        }
        self.constraints(&select.from, &scope);
        self.found.join(scope.stores());
        let aliases = aliases(select);
        for item in &select.projection {
            self.select_item(item, &scope);
        }
        self.exprs(&select.distinct, &scope, &[]);
        self.exprs(&select.top, &scope, &[]);
        self.exprs(&select.lateral_views, &scope, &[]);
        self.exprs(&select.prewhere, &scope, &[]);
        self.exprs(&select.selection, &scope, &[]);
        self.exprs(&select.connect_by, &scope, &[]);
        self.exprs(&select.group_by, &scope, &aliases);
        self.exprs(&select.cluster_by, &scope, &aliases);
        self.exprs(&select.distribute_by, &scope, &aliases);
        self.exprs(&select.sort_by, &scope, &aliases);
        self.exprs(&select.having, &scope, &aliases);
        self.exprs(&select.named_window, &scope, &aliases);
        self.exprs(&select.qualify, &scope, &aliases);
        if let Some(selection) = &select.selection {
            self.predicates(selection, &scope);
        }
        if let Some(into) = &select.into {
            for target in &into.targets {
                let name = match target {
                    Expr::Identifier(ident) => ObjectName::from(vec![ident.clone()]),
                    Expr::CompoundIdentifier(idents) => ObjectName::from(idents.clone()),
                    _ => continue,
                };
                if let Some(target) = self.target(&name) {
                    self.found.access(&target.store, Operation::Ddl, target.line, target.partial);
                }
            }
        }
        scope
    }

    fn select_item(&mut self, item: &SelectItem, scope: &Scope<'_>) {
        match item {
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => {
                self.exprs(expr, scope, &[]);
            }
            SelectItem::QualifiedWildcard(..) | SelectItem::Wildcard(_) => {}
            SelectItem::UnnamedExpr(expr)
            | SelectItem::ExprWithAlias { expr, .. }
            | SelectItem::ExprWithAliases { expr, .. } => self.exprs(expr, scope, &[]),
        }
    }

    fn from(&mut self, from: &TableWithJoins, scope: &mut Scope<'_>) {
        self.factor(&from.relation, scope);
        for join in &from.joins {
            let unfolds = matches!(
                join.join_operator,
                JoinOperator::ArrayJoin | JoinOperator::LeftArrayJoin | JoinOperator::InnerArrayJoin
            );
            match &join.relation {
                TableFactor::Table { name, alias, .. } if unfolds => {
                    scope.bindings.push(derived(&alias_or_last(alias.as_ref(), name)));
                }
                relation => self.factor(relation, scope),
            }
        }
    }

    /// Conditions are read when all names of the clause are bound.
    fn constraints(&mut self, from: &[TableWithJoins], scope: &Scope<'_>) {
        for table in from {
            if let TableFactor::NestedJoin { table_with_joins, .. } = &table.relation {
                self.constraints(std::slice::from_ref(table_with_joins), scope);
            }
            for join in &table.joins {
                if let TableFactor::NestedJoin { table_with_joins, .. } = &join.relation {
                    self.constraints(std::slice::from_ref(table_with_joins), scope);
                }
                let constraint = match &join.join_operator {
                    JoinOperator::Join(constraint)
                    | JoinOperator::Inner(constraint)
                    | JoinOperator::Left(constraint)
                    | JoinOperator::LeftOuter(constraint)
                    | JoinOperator::Right(constraint)
                    | JoinOperator::RightOuter(constraint)
                    | JoinOperator::FullOuter(constraint)
                    | JoinOperator::CrossJoin(constraint)
                    | JoinOperator::Semi(constraint)
                    | JoinOperator::LeftSemi(constraint)
                    | JoinOperator::RightSemi(constraint)
                    | JoinOperator::Anti(constraint)
                    | JoinOperator::LeftAnti(constraint)
                    | JoinOperator::RightAnti(constraint)
                    | JoinOperator::StraightJoin(constraint) => constraint,
                    JoinOperator::AsOf { match_condition, constraint } => {
                        self.exprs(match_condition, scope, &[]);
                        constraint
                    }
                    _ => continue,
                };
                match constraint {
                    JoinConstraint::On(expr) => self.exprs(expr, scope, &[]),
                    JoinConstraint::Using(columns) if scope.bindings.len() == 2 => {
                        for column in columns {
                            let Some(ObjectNamePart::Identifier(ident)) = column.0.last() else { continue };
                            for binding in &scope.bindings {
                                self.bound_column(binding, ident);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn factor(&mut self, factor: &TableFactor, scope: &mut Scope<'_>) {
        match factor {
            TableFactor::Table { name, alias, args, .. } => {
                let called = alias_or_last(alias.as_ref(), name);
                let own =
                    |(target, known): &(ObjectName, String)| target == name && known.eq_ignore_ascii_case(&called);
                if self.targets.iter().any(own) {
                    return;
                }
                if let Some(args) = args.as_ref().filter(|args| !is_hint(args)) {
                    self.exprs(args, scope, &[]);
                    scope.bindings.push(derived(&called));
                    return;
                }
                // `FROM t, t.items`: an array inside a row of `t`.
                let first = name.0.first().map(ToString::to_string).unwrap_or_default().to_lowercase();
                let nested = self.naming.nested_arrays
                    && name.0.len() > 1
                    && scope.bindings.iter().any(|binding| binding.alias == first);
                if self.is_cte(name).is_some() || nested {
                    scope.bindings.push(derived(&called));
                    return;
                }
                let Some(target) = self.target(name) else {
                    scope.bindings.push(derived(&called));
                    return;
                };
                let access = self.found.access(&target.store, Operation::Select, target.line, target.partial);
                scope.bindings.push(Binding {
                    alias: called.to_lowercase(),
                    store: Some(target.store),
                    access: Some(access),
                });
            }
            TableFactor::Derived { lateral, subquery, alias, .. } => {
                if *lateral {
                    self.query(subquery, Some(scope));
                } else {
                    self.query(subquery, scope.outer);
                }
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                self.from(table_with_joins, scope);
                if alias.is_some() {
                    scope.bindings.push(derived(&alias_name(alias.as_ref())));
                }
            }
            TableFactor::Pivot { table, alias, aggregate_functions, value_source, .. } => {
                self.factor(table, scope);
                self.exprs(aggregate_functions, scope, &[]);
                if let PivotValueSource::Subquery(values) = value_source {
                    self.query(values, scope.outer);
                }
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::Unpivot { table, alias, .. } | TableFactor::MatchRecognize { table, alias, .. } => {
                self.factor(table, scope);
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::Function { args, alias, .. } => {
                self.exprs(args, scope, &[]);
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::TableFunction { expr, alias } => {
                self.exprs(expr, scope, &[]);
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::UNNEST { array_exprs, alias, .. } => {
                self.exprs(array_exprs, scope, &[]);
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::JsonTable { json_expr, alias, .. } | TableFactor::OpenJsonTable { json_expr, alias, .. } => {
                self.exprs(json_expr, scope, &[]);
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::XmlTable { row_expression, passing, alias, .. } => {
                self.exprs(row_expression, scope, &[]);
                self.exprs(passing, scope, &[]);
                scope.bindings.push(derived(&alias_name(alias.as_ref())));
            }
            TableFactor::SemanticView { alias, .. } => scope.bindings.push(derived(&alias_name(alias.as_ref()))),
            TableFactor::UnpivotExpr { expression, .. } => {
                self.exprs(expression, scope, &[]);
                scope.bindings.push(derived(""));
            }
        }
    }

    fn set_column(&mut self, access: usize, ident: &Ident) {
        let (name, partial) = self.ident(ident);
        if !partial {
            self.found.column(access, name.into());
        } else if let Some(known) = self.found.accesses.get_mut(access) {
            known.open = true;
        }
    }

    fn bound_column(&mut self, binding: &Binding, ident: &Ident) {
        if let Some(access) = binding.access
            && !ident.value.contains(MARK)
        {
            let (name, _) = self.ident(ident);
            self.found.column(access, name.into());
        }
    }
}

/// Finds queries and statements inside a statement of another kind.
struct Inner<'w> {
    walk: &'w mut Walk,
    depth: u32,
    root: bool,
}

impl Visitor for Inner<'_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        if std::mem::take(&mut self.root) {
            return ControlFlow::Continue(());
        }
        if self.depth == 0 {
            self.walk.statement(statement, None);
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_statement(&mut self, _statement: &Statement) -> ControlFlow<()> {
        self.depth = self.depth.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.walk.query(query, None);
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

/// `FROM t (NOLOCK)`: a hint of T-SQL, not a call.
fn is_hint(args: &TableFunctionArgs) -> bool {
    let hints =
        ["NOLOCK", "READPAST", "UPDLOCK", "ROWLOCK", "HOLDLOCK", "TABLOCK", "TABLOCKX", "XLOCK", "READUNCOMMITTED"];
    !args.args.is_empty() && args.args.iter().all(|arg| hints.contains(&arg.to_string().to_ascii_uppercase().as_str()))
}

fn derived(alias: &str) -> Binding {
    Binding { alias: alias.to_lowercase(), store: None, access: None }
}

fn alias_name(alias: Option<&TableAlias>) -> String {
    alias.map(|alias| alias.name.value.clone()).unwrap_or_default()
}

fn alias_or_last(alias: Option<&TableAlias>, name: &ObjectName) -> String {
    match alias {
        Some(alias) => alias.name.value.clone(),
        None => match name.0.last() {
            Some(ObjectNamePart::Identifier(ident)) => ident.value.clone(),
            _ => String::new(),
        },
    }
}

/// Lower-case names that a SELECT list gives.
fn aliases(select: &Select) -> Vec<String> {
    select
        .projection
        .iter()
        .filter_map(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.to_lowercase()),
            _ => None,
        })
        .collect()
}

/// What qualifies the column that an assignment sets.
fn qualifier(assignment: &Assignment) -> Option<&str> {
    let AssignmentTarget::ColumnName(name) = &assignment.target else { return None };
    match name.0.as_slice() {
        [.., ObjectNamePart::Identifier(table), _] => Some(&table.value),
        _ => None,
    }
}

fn alias_qualifies(assignments: &[Assignment], called: &str) -> bool {
    assignments.iter().any(|assignment| qualifier(assignment).is_some_and(|name| name.eq_ignore_ascii_case(called)))
}

/// The text of a literal.
fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => Some(number.clone()),
            Value::SingleQuotedString(text)
            | Value::NationalStringLiteral(text)
            | Value::EscapedStringLiteral(text) => (!text.contains(['{', '%'])).then(|| text.clone()),
            Value::Boolean(value) => Some(value.to_string()),
            _ => None,
        },
        Expr::Cast { expr, .. } => constant(expr),
        Expr::Nested(expr) => constant(expr),
        _ => None,
    }
}

/// Names of a SELECT list by position; empty when a `*` hides them.
fn result_columns(body: &SetExpr) -> Vec<Text> {
    let select = match body {
        SetExpr::Select(select) => select,
        SetExpr::Query(query) => return result_columns(&query.body),
        SetExpr::SetOperation { left, .. } => return result_columns(left),
        _ => return Vec::new(),
    };
    let mut names = Vec::new();
    for item in &select.projection {
        let name = match item {
            SelectItem::ExprWithAlias { alias, .. } => alias.value.as_str(),
            SelectItem::UnnamedExpr(Expr::Identifier(ident)) => ident.value.as_str(),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().map_or("", |part| &part.value),
            SelectItem::UnnamedExpr(Expr::Function(Function { name, .. })) => match name.0.last() {
                Some(ObjectNamePart::Identifier(ident)) => ident.value.as_str(),
                _ => "",
            },
            SelectItem::UnnamedExpr(_) => "",
            _ => return Vec::new(),
        };
        if name.contains(MARK) {
            return Vec::new();
        }
        names.push(Text::from(name));
    }
    names
}
