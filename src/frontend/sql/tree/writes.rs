//! Statements that write: INSERT, UPDATE, DELETE, MERGE and what stands in them.

use sqlparser::ast::{
    Assignment, AssignmentTarget, Delete, FromTable, Insert, Merge, MergeAction, MergeInsertKind, MergeUpdateKind,
    ObjectName, ObjectNamePart, OnConflictAction, OnInsert, SetExpr, SqliteOnConflict, TableAlias, TableFactor,
    TableObject, TableWithJoins, Update, UpdateTableFromKind,
};

use crate::frontend::sql::tree::{Binding, Scope, Target, Walk, alias_or_last, alias_qualifies, constant, qualifier};
use crate::model::sql::Operation;

impl Walk {
    pub(super) fn insert(&mut self, insert: &Insert) {
        if insert.multi_table_insert_type.is_some() {
            self.insert_several(insert);
            return;
        }
        let TableObject::TableName(name) = &insert.table else {
            if let TableObject::TableQuery(query) = &insert.table {
                self.query(query, None);
            }
            return;
        };
        let replaces = insert.replace_into || matches!(insert.or, Some(SqliteOnConflict::Replace));
        let updates = match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(_)) => true,
            Some(OnInsert::OnConflict(conflict)) => matches!(conflict.action, OnConflictAction::DoUpdate(_)),
            _ => false,
        };
        let operation = if replaces || updates { Operation::Upsert } else { Operation::Insert };
        if let Some(source) = &insert.source {
            // The target's own name is not yet bound in the source.
            self.query(source, None);
        }
        let Some(target) = self.target(name) else { return };
        let access = self.found.access(&target.store, operation, target.line, target.partial);
        let mut columns = Vec::new();
        for column in &insert.columns {
            if let Some(ObjectNamePart::Identifier(ident)) = column.0.last() {
                columns.push(ident.clone());
                self.set_column(access, ident);
            }
        }
        for column in &insert.after_columns {
            columns.push(column.clone());
            self.set_column(access, column);
        }
        let mut scope = Scope::new(None);
        let alias = insert.table_alias.as_ref().map(|alias| alias.alias.value.clone());
        scope.bindings.push(Binding {
            alias: alias.unwrap_or_else(|| target.store.name.to_string()).to_lowercase(),
            store: Some(target.store.clone()),
            access: None,
        });
        for assignment in &insert.assignments {
            self.assignment(assignment, Some(access), &scope);
        }
        match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => {
                for assignment in assignments {
                    self.assignment(assignment, Some(access), &scope);
                }
            }
            Some(OnInsert::OnConflict(conflict)) => {
                if let OnConflictAction::DoUpdate(update) = &conflict.action {
                    for assignment in &update.assignments {
                        self.assignment(assignment, Some(access), &scope);
                    }
                    self.exprs(&update.selection, &scope, &[]);
                }
            }
            _ => {}
        }
        self.exprs(&insert.returning, &scope, &[]);
        if let Some(source) = &insert.source
            && let SetExpr::Values(values) = source.body.as_ref()
            && let [row] = values.rows.as_slice()
        {
            for (column, value) in columns.iter().zip(&row.content) {
                if let Some(value) = constant(value) {
                    self.predicate(&target.store, column, value);
                }
            }
        }
    }

    /// `INSERT ALL INTO a .. INTO b .. SELECT ..`.
    pub(super) fn insert_several(&mut self, insert: &Insert) {
        if let Some(source) = &insert.source {
            self.query(source, None);
        }
        let when = insert.multi_table_when_clauses.iter().flat_map(|when| when.into_clauses.iter());
        let otherwise = insert.multi_table_else_clause.iter().flatten();
        for clause in insert.multi_table_into_clauses.iter().chain(when).chain(otherwise) {
            if let Some(target) = self.target(&clause.table_name) {
                self.found.access(&target.store, Operation::Insert, target.line, target.partial);
            }
        }
    }

    pub(super) fn assignment(&mut self, assignment: &Assignment, access: Option<usize>, scope: &Scope<'_>) {
        let names = match &assignment.target {
            AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
            AssignmentTarget::Tuple(names) => names.as_slice(),
        };
        for name in names {
            if let (Some(access), Some(ObjectNamePart::Identifier(ident))) = (access, name.0.last()) {
                self.set_column(access, ident);
            }
        }
        self.exprs(&assignment.value, scope, &[]);
    }

    pub(super) fn update(&mut self, update: &Update) {
        let mut scope = Scope::new(None);
        let from = match &update.from {
            Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => from.as_slice(),
            None => &[],
        };
        let TableFactor::Table { name, alias, args: None, .. } = &update.table.relation else {
            self.from(&update.table, &mut scope);
            return;
        };
        // The clause after FROM first: the target may be an alias out of it.
        let target = self.target(name);
        let aliased = self.renamed_target(name, alias.as_ref(), from);
        let mut skip: Option<ObjectName> = None;
        let stored = if let Some(real) = aliased {
            skip = Some(real.clone());
            self.target(&real)
        } else if let Some(base) = self.is_cte(name) {
            base.base.clone().map(|store| Target { store, partial: false, line: 1 })
        } else {
            target
        };
        let bound = match (&skip, alias) {
            (Some(_), _) => alias_or_last(None, name),
            (None, alias) => alias_or_last(alias.as_ref(), name),
        };
        let joined = !update.table.joins.is_empty();
        let mut write = None;
        if let Some(target) = &stored {
            let sets_target = !joined || self.sets(&update.assignments, &bound);
            let operation = if sets_target { Operation::Update } else { Operation::Select };
            let access = self.found.access(&target.store, operation, target.line, target.partial);
            write = sets_target.then_some(access);
            scope.bindings.push(Binding {
                alias: bound.to_lowercase(),
                store: Some(target.store.clone()),
                access: (!sets_target).then_some(access),
            });
        }
        // Joined tables of the MySQL form: written when SET names them, else read.
        for join in &update.table.joins {
            if let TableFactor::Table { name, alias, args: None, .. } = &join.relation {
                let called = alias_or_last(alias.as_ref(), name);
                if alias_qualifies(&update.assignments, &called)
                    && let Some(target) = self.target(name)
                {
                    let access = self.found.access(&target.store, Operation::Update, target.line, target.partial);
                    self.set_qualified(&update.assignments, &called, access);
                    scope.bindings.push(Binding {
                        alias: called.to_lowercase(),
                        store: Some(target.store),
                        access: None,
                    });
                    continue;
                }
            }
            self.factor(&join.relation, &mut scope);
        }
        self.targets.extend(skip.map(|name| (name, bound.clone())));
        for table in from {
            self.from(table, &mut scope);
        }
        self.targets.clear();
        self.constraints(std::slice::from_ref(&update.table), &scope);
        self.constraints(from, &scope);
        self.found.join(scope.stores());
        for assignment in &update.assignments {
            let access = if joined {
                write.filter(|_| alias_qualifies(std::slice::from_ref(assignment), &bound))
            } else {
                write
            };
            self.assignment(assignment, access, &scope);
        }
        self.exprs(&update.selection, &scope, &[]);
        if let Some(selection) = &update.selection {
            self.predicates(selection, &scope);
        }
        self.exprs(&update.returning, &scope, &[]);
    }

    /// Whether the assignments set columns of this table: by its name, or without any.
    pub(super) fn sets(&self, assignments: &[Assignment], called: &str) -> bool {
        let _ = self;
        let qualified = assignments.iter().any(|assignment| qualifier(assignment).is_some());
        !qualified || alias_qualifies(assignments, called) || assignments.iter().any(|one| qualifier(one).is_none())
    }

    pub(super) fn set_qualified(&mut self, assignments: &[Assignment], called: &str, access: usize) {
        for assignment in assignments {
            if alias_qualifies(std::slice::from_ref(assignment), called)
                && let AssignmentTarget::ColumnName(name) = &assignment.target
                && let Some(ObjectNamePart::Identifier(ident)) = name.0.last()
            {
                self.set_column(access, ident);
            }
        }
    }

    /// `UPDATE u SET .. FROM users u`, `DELETE u FROM users u`: the table that the target's name stands for.
    pub(super) fn renamed_target(
        &self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        from: &[TableWithJoins],
    ) -> Option<ObjectName> {
        if alias.is_some() {
            return None;
        }
        let [ObjectNamePart::Identifier(ident)] = name.0.as_slice() else { return None };
        let mut pending: Vec<&TableFactor> = Vec::new();
        for table in from {
            pending.push(&table.relation);
            pending.extend(table.joins.iter().map(|join| &join.relation));
        }
        while let Some(factor) = pending.pop() {
            if let TableFactor::NestedJoin { table_with_joins, .. } = factor {
                pending.push(&table_with_joins.relation);
                pending.extend(table_with_joins.joins.iter().map(|join| &join.relation));
            }
            if let TableFactor::Table { name: real, alias: real_alias, args: None, .. } = factor {
                let called = alias_or_last(real_alias.as_ref(), real);
                if called.eq_ignore_ascii_case(&ident.value) && self.is_cte(real).is_none() {
                    return Some(real.clone());
                }
            }
        }
        None
    }

    pub(super) fn delete(&mut self, delete: &Delete) {
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        let using = delete.using.as_deref().unwrap_or(&[]);
        let mut scope = Scope::new(None);
        // `DELETE a, b FROM ..`, `DELETE FROM a, b USING ..`: targets are named apart from what is read.
        let mut targets: Vec<ObjectName> = delete.tables.clone();
        let mut read: Vec<&TableWithJoins> = using.iter().collect();
        if targets.is_empty() {
            if using.is_empty() {
                let [table] = from.as_slice() else {
                    for table in from {
                        self.from(table, &mut scope);
                    }
                    return;
                };
                self.delete_target(&table.relation, &mut scope);
                for join in &table.joins {
                    self.factor(&join.relation, &mut scope);
                }
            } else {
                for table in from {
                    match &table.relation {
                        TableFactor::Table { name, alias: None, .. }
                            if self.renamed_target(name, None, using).is_some() =>
                        {
                            targets.push(name.clone());
                        }
                        factor => self.delete_target(factor, &mut scope),
                    }
                }
            }
        } else {
            read.extend(from);
        }
        let sources: Vec<TableWithJoins> = read.iter().map(|table| (*table).clone()).collect();
        for name in &targets {
            // `DELETE t.* FROM t`
            let mut name = name.clone();
            if name.0.len() > 1 && name.0.last().is_some_and(|part| part.to_string() == "*") {
                name.0.pop();
            }
            let real = self.renamed_target(&name, None, &sources);
            let target = self.target(real.as_ref().unwrap_or(&name));
            if let Some(target) = target {
                self.found.access(&target.store, Operation::Delete, target.line, target.partial);
                let called = alias_or_last(None, &name);
                scope.bindings.push(Binding { alias: called.to_lowercase(), store: Some(target.store), access: None });
                self.targets.extend(real.map(|real| (real, called)));
            }
        }
        for table in &sources {
            self.from(table, &mut scope);
        }
        self.targets.clear();
        self.constraints(from, &scope);
        self.constraints(using, &scope);
        self.found.join(scope.stores());
        self.exprs(&delete.selection, &scope, &[]);
        if let Some(selection) = &delete.selection {
            self.predicates(selection, &scope);
        }
        self.exprs(&delete.returning, &scope, &[]);
    }

    pub(super) fn delete_target(&mut self, factor: &TableFactor, scope: &mut Scope<'_>) {
        let TableFactor::Table { name, alias, .. } = factor else {
            self.factor(factor, scope);
            return;
        };
        let cte = self.is_cte(name).map(|known| known.base.clone());
        let target = match cte {
            Some(base) => base.map(|store| Target { store, partial: false, line: 1 }),
            None => self.target(name),
        };
        let Some(target) = target else { return };
        self.found.access(&target.store, Operation::Delete, target.line, target.partial);
        let called = alias_or_last(alias.as_ref(), name);
        scope.bindings.push(Binding { alias: called.to_lowercase(), store: Some(target.store), access: None });
    }

    pub(super) fn merge(&mut self, merge: &Merge) {
        let mut scope = Scope::new(None);
        let mut write = None;
        if let TableFactor::Table { name, alias, .. } = &merge.table
            && let Some(target) = self.target(name)
        {
            let inserts = merge.clauses.iter().any(|clause| matches!(clause.action, MergeAction::Insert(_)));
            let updates = merge.clauses.iter().any(|clause| matches!(clause.action, MergeAction::Update(_)));
            let deletes = merge.clauses.iter().any(|clause| matches!(clause.action, MergeAction::Delete { .. }));
            let operation = match (inserts, updates) {
                (true, false) => Operation::Insert,
                (false, true) => Operation::Update,
                (false, false) if deletes => Operation::Delete,
                _ => Operation::Upsert,
            };
            write = Some(self.found.access(&target.store, operation, target.line, target.partial));
            if deletes {
                self.found.access(&target.store, Operation::Delete, target.line, target.partial);
            }
            scope.bindings.push(Binding {
                alias: alias_or_last(alias.as_ref(), name).to_lowercase(),
                store: Some(target.store),
                access: None,
            });
        }
        self.factor(&merge.source, &mut scope);
        self.found.join(scope.stores());
        self.exprs(merge.on.as_ref(), &scope, &[]);
        for clause in &merge.clauses {
            self.exprs(&clause.predicate, &scope, &[]);
            match &clause.action {
                MergeAction::Insert(insert) => {
                    for column in &insert.columns {
                        if let (Some(access), Some(ObjectNamePart::Identifier(ident))) = (write, column.0.last()) {
                            self.set_column(access, ident);
                        }
                    }
                    if let MergeInsertKind::Values(values) = &insert.kind {
                        self.exprs(values, &scope, &[]);
                    }
                }
                MergeAction::Update(update) => {
                    if let MergeUpdateKind::Set(assignments) = &update.kind {
                        for assignment in assignments {
                            self.assignment(assignment, write, &scope);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
